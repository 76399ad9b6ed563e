/** Retrieval from several sources at once, fused into one ranking. */
@NullMarked
package dev.llmlifecycle.retrieval.hybrid;

import org.jspecify.annotations.NullMarked;
