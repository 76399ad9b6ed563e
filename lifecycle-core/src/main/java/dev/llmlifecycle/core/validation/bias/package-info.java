/** Validators of bias: what a text says about groups of people. */
@NullMarked
package dev.llmlifecycle.core.validation.bias;

import org.jspecify.annotations.NullMarked;
