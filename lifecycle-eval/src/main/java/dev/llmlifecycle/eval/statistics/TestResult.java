package dev.llmlifecycle.eval.statistics;

import java.util.Objects;

/**
 * What a test of a hypothesis found.
 *
 * <p>Immutable.
 *
 * @param test the test's name
 * @param statistic the value that was compared with its distribution
 * @param pValue the chance of a statistic at least as extreme where the hypothesis holds, in [0, 1]
 * @param method how the p-value was reached and what that assumes
 * @since 0.1
 */
public record TestResult(String test, double statistic, double pValue, String method) {

    /** Checks the range. */
    public TestResult {
        Objects.requireNonNull(test, "test");
        Objects.requireNonNull(method, "method");
        if (!(pValue >= 0 && pValue <= 1)) {
            throw new IllegalArgumentException("the p-value of " + test + " must be in [0, 1] but was " + pValue);
        }
    }
}
