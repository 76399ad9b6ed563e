/** Keeping what was retrieved, so that the same question is searched once. */
@NullMarked
package dev.llmlifecycle.retrieval.cache;

import org.jspecify.annotations.NullMarked;
