package dev.llmlifecycle.eval.junit;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import dev.llmlifecycle.api.statistics.Proportions;
import org.opentest4j.AssertionFailedError;

/**
 * Assertions on a pass rate.
 *
 * <p>The confidence is set before the assertion that needs it, as AssertJ sets what compares before what is compared:
 * an assertion that has already passed or failed could not take one.
 *
 * <p>Not thread-safe.
 *
 * @since 0.1
 */
public final class PassRateAssert {

    private static final double DEFAULT_CONFIDENCE = 0.95;

    private final PassResults results;
    private double confidence;

    PassRateAssert(PassResults results) {
        this.results = Objects.requireNonNull(results, "results");
    }

    /**
     * Sets the confidence with which the following assertions must be shown, of all the questions that the examples are
     * a sample of. Default: none for {@link #isAtLeast}, where the observed rate decides, and 0.95 for
     * {@link #isNotWorseThan}.
     *
     * @param confidence in (0.5, 1)
     * @return these assertions
     */
    public PassRateAssert withConfidence(double confidence) {
        PassRateRule.requireConfidence(confidence);
        this.confidence = confidence;
        return this;
    }

    /**
     * Asserts that the rate is reached: as it is observed, or with the confidence that was set, by the exact one-sided
     * lower bound of Clopper and Pearson, which wrongly passes with at most the chance {@code 1 - confidence}.
     *
     * @param rate in (0, 1]; below 1 where there is a confidence
     * @return these assertions
     */
    public PassRateAssert isAtLeast(double rate) {
        PassRateRule rule = new PassRateRule(rate, confidence);
        if (!rule.isReached(results.passed(), results.count())) {
            throw new AssertionFailedError(
                    "expected " + rule.judge(results.passed(), results.count(), results.count()) + "\n  failed  "
                            + BaselineRule.named(failed()),
                    rate,
                    results.passed() / (double) results.count());
        }
        return this;
    }

    /**
     * Asserts that the rate is not lower than that of a baseline by a margin or more: the lower bound of the paired
     * difference ({@link Proportions#pairedDifference}, one-sided at the confidence) lies above {@code -margin}. Rows
     * that tie are evidence only by their number, so two results that agree on few examples do not pass.
     *
     * @param baseline results of the same examples
     * @param margin the smallest loss that matters, in (0, 1)
     * @return these assertions
     * @throws IllegalArgumentException when an example has a result on one side only
     */
    public PassRateAssert isNotWorseThan(PassResults baseline, double margin) {
        BaselineRule rule = new BaselineRule(margin, confidence == 0 ? DEFAULT_CONFIDENCE : confidence);
        PassResults.requireSameExamples(
                results.byExample().keySet(), baseline.byExample().keySet());
        List<String> gained = new ArrayList<>();
        List<String> lost = new ArrayList<>();
        results.byExample().forEach((id, passed) -> {
            if (!passed.equals(baseline.byExample().get(id))) {
                (passed ? gained : lost).add(id);
            }
        });
        if (!rule.isReached(gained.size(), lost.size(), results.count())) {
            throw new AssertionFailedError(
                    "expected " + rule.judge(gained, lost, results.count(), 0),
                    baseline.passed() / (double) baseline.count(),
                    results.passed() / (double) results.count());
        }
        return this;
    }

    private List<String> failed() {
        List<String> failed = new ArrayList<>();
        results.byExample().forEach((id, passed) -> {
            if (!passed) {
                failed.add(id);
            }
        });
        return failed;
    }
}
