/** Prompts put together from examples, beside those that were published. */
@NullMarked
package dev.llmlifecycle.samples.measure.prompts;

import org.jspecify.annotations.NullMarked;
