/** How well personal data is found. */
@NullMarked
package dev.llmlifecycle.samples.measure.privacy;

import org.jspecify.annotations.NullMarked;
