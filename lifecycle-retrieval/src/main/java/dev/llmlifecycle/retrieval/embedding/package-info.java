/** Embedding models that run in process. */
@NullMarked
package dev.llmlifecycle.retrieval.embedding;

import org.jspecify.annotations.NullMarked;
