/** The steps of a chain of thought: parsed without losing text, and checked one by one. */
@NullMarked
package dev.llmlifecycle.core.reasoning.steps;

import org.jspecify.annotations.NullMarked;
