/** Embedding models that run in process, and one that keeps the vectors of another. */
@NullMarked
package dev.llmlifecycle.retrieval.embedding;

import org.jspecify.annotations.NullMarked;
