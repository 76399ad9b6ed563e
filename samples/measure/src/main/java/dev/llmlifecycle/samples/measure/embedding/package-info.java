/** What embedding costs: CPU time and memory. */
@NullMarked
package dev.llmlifecycle.samples.measure.embedding;

import org.jspecify.annotations.NullMarked;
