/** Which examples a prompt shows: chosen from a pool for each question, within a budget, with reasons. */
@NullMarked
package dev.llmlifecycle.core.examples;

import org.jspecify.annotations.NullMarked;
