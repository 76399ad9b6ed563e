/** Retrieval from two sources: each alone, fused, learned, ranked anew. */
@NullMarked
package dev.llmlifecycle.samples.measure.hybrid;

import org.jspecify.annotations.NullMarked;
