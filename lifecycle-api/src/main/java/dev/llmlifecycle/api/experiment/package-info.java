/** Verdicts: the recomputable outcome of comparing two releases on a dataset. */
@NullMarked
package dev.llmlifecycle.api.experiment;

import org.jspecify.annotations.NullMarked;
