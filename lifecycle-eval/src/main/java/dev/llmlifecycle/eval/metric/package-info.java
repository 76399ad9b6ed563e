/** Metrics: what counts as right for one example, and scores of texts, rankings and classifications. */
@NullMarked
package dev.llmlifecycle.eval.metric;

import org.jspecify.annotations.NullMarked;
