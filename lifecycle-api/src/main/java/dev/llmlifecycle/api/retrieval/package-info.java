/** Passages, the retriever that finds them and the cache in front of it. */
@NullMarked
package dev.llmlifecycle.api.retrieval;

import org.jspecify.annotations.NullMarked;
