/** How well the groundedness check tells what stands on its passages from what does not. */
@NullMarked
package dev.llmlifecycle.samples.measure.groundedness;

import org.jspecify.annotations.NullMarked;
