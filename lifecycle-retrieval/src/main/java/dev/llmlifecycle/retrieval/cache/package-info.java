/** Keeping what was retrieved and answered, so that the same question is searched and answered once. */
@NullMarked
package dev.llmlifecycle.retrieval.cache;

import org.jspecify.annotations.NullMarked;
