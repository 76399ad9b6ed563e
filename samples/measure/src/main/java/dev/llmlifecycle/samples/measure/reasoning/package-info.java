/** Figures on chains of thought: their steps, their answers, and votes among them. */
@NullMarked
package dev.llmlifecycle.samples.measure.reasoning;

import org.jspecify.annotations.NullMarked;
