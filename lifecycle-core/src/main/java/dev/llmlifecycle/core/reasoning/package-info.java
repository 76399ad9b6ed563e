/** Ways from a rendered prompt to an answer: chains of thought, votes, checked steps and tools, within a budget. */
@NullMarked
package dev.llmlifecycle.core.reasoning;

import org.jspecify.annotations.NullMarked;
