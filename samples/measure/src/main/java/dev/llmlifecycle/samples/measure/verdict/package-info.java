/** Verdicts on answers that were recorded from real models, and how well refusals in them are told. */
@NullMarked
package dev.llmlifecycle.samples.measure.verdict;

import org.jspecify.annotations.NullMarked;
