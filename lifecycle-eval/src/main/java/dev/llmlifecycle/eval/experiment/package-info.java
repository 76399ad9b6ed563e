/** Experiments: releases compared on a dataset, with a verdict and its evidence. */
@NullMarked
package dev.llmlifecycle.eval.experiment;

import org.jspecify.annotations.NullMarked;
