/** Prompt tests in JUnit: a dataset as test cases, recorded models, pass rates, and assertions on answers. */
@NullMarked
package dev.llmlifecycle.eval.junit;

import org.jspecify.annotations.NullMarked;
