/** Figures of checks of the form and the content of answers. */
@NullMarked
package dev.llmlifecycle.samples.measure.content;

import org.jspecify.annotations.NullMarked;
