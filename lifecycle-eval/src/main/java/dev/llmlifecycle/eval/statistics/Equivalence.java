package dev.llmlifecycle.eval.statistics;

import org.apache.commons.statistics.distribution.TDistribution;

/**
 * Tests that a difference is too small to matter, which a large p-value of an ordinary test does not show.
 *
 * <p>Thread-safe. The margin is declared before the rows are seen.
 *
 * @since 0.1
 */
public final class Equivalence {

    private Equivalence() {}

    /**
     * Tests against "the mean difference is at least the margin, either way" by two one-sided t-tests; the p-value is
     * the larger of theirs (D. J. Schuirmann, "A comparison of the two one-sided tests procedure and the power approach
     * for assessing the equivalence of average bioavailability", 1987). A p-value of at most alpha says the same as an
     * interval of level {@code 1 - 2 alpha} inside the margin.
     *
     * @param differences finite, at least two
     * @param margin the smallest difference that matters, positive
     * @return the result, its statistic the t of the larger p-value
     */
    public static TestResult tost(double[] differences, double margin) {
        OneSided below = OneSided.of(differences, margin);
        Summary summary = below.summary();
        double upper = below.t(margin - summary.mean());
        double lower = below.t(summary.mean() + margin);
        double statistic = Math.min(upper, lower);
        return new TestResult("two one-sided t", statistic, below.pValue(statistic), below.method());
    }

    /**
     * Tests against "the candidate is worse by at least the margin" by a one-sided t-test.
     *
     * @param differences candidate minus baseline where more is better, finite, at least two
     * @param margin the smallest loss that matters, positive
     * @return the result
     */
    public static TestResult nonInferiority(double[] differences, double margin) {
        OneSided test = OneSided.of(differences, margin);
        double statistic = test.t(test.summary().mean() + margin);
        return new TestResult("one-sided t against the margin", statistic, test.pValue(statistic), test.method());
    }

    private record OneSided(Summary summary) {

        static OneSided of(double[] differences, double margin) {
            Samples.require(differences, 2, "A test of equivalence");
            if (!(margin > 0 && margin < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("the margin of a test of equivalence must be positive but was "
                        + margin + "; declare the smallest difference that matters");
            }
            return new OneSided(Summary.of(differences));
        }

        double t(double distance) {
            return summary.standardDeviation() == 0 && distance == 0 ? 0 : distance / summary.standardError();
        }

        double pValue(double t) {
            return TDistribution.of(summary.count() - 1.0).survivalProbability(t);
        }

        String method() {
            return "Student's t with " + (summary.count() - 1) + " degrees of freedom";
        }
    }
}
