/**
 * Suites that try an application on groups of people: counterfactuals, group rates, and the scores of bias benchmarks.
 */
@NullMarked
package dev.llmlifecycle.eval.suite;

import org.jspecify.annotations.NullMarked;
