/** The inside of the vector index: segments, kernels and the seams to files and to metadata filters. */
@NullMarked
package dev.llmlifecycle.retrieval.vector.internal;

import org.jspecify.annotations.NullMarked;
