/** Bias: the scores of recorded models, and how the library's own parts treat groups of people. */
@NullMarked
package dev.llmlifecycle.samples.measure.bias;

import org.jspecify.annotations.NullMarked;
