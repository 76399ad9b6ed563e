/** How well the trainable classifier tells texts apart, beside the two simplest ways. */
@NullMarked
package dev.llmlifecycle.samples.measure.classifier;

import org.jspecify.annotations.NullMarked;
