package dev.llmlifecycle.api.statistics;

/**
 * McNemar's test of two paired success rates, in its exact form: under the hypothesis of no difference a discordant
 * pair favours either side with probability one half (Q. McNemar, "Note on the sampling error of the difference between
 * correlated proportions or percentages", Psychometrika 12, 1947).
 *
 * <p>Thread-safe. {@link StrictMath} makes the result equal on every JVM, so that a verdict can be recomputed
 * elsewhere.
 *
 * @since 0.1
 */
public final class McNemarTest {

    /** Up to so many pairs the probability of one outcome, 2^-n, is a normal double. */
    private static final int MAX_EXACT_PAIRS = 1022;

    private McNemarTest() {}

    /**
     * Returns the exact two-sided p-value.
     *
     * @param gained pairs in which only the candidate succeeded
     * @param lost pairs in which only the baseline succeeded
     * @return the p-value in [0, 1]; 1 where no pair differs, 0 only where it is too small for a double
     */
    public static double exactPValue(long gained, long lost) {
        long pairs = requireCounts(gained, lost);
        return Math.min(1, 2 * lowerTail(Math.min(gained, lost), pairs));
    }

    /**
     * Returns the two-sided mid-p value, less conservative than the exact one (M. W. Fagerland, S. Lydersen and P.
     * Laake, "The McNemar test for binary matched-pairs data", BMC Medical Research Methodology 13:91, 2013).
     *
     * @param gained pairs in which only the candidate succeeded
     * @param lost pairs in which only the baseline succeeded
     * @return the p-value in [0, 1]
     */
    public static double midPValue(long gained, long lost) {
        long pairs = requireCounts(gained, lost);
        if (pairs == 0) {
            return 1;
        }
        long smaller = Math.min(gained, lost);
        double tail = lowerTail(smaller, pairs);
        // The middle term counts half: on each side, or once where the two sides meet in it.
        return gained == lost ? 1.5 - tail : tail + lowerTail(smaller - 1, pairs);
    }

    private static long requireCounts(long gained, long lost) {
        if (gained < 0 || lost < 0) {
            throw new IllegalArgumentException(
                    "McNemar's test counts pairs but got " + gained + " and " + lost + "; check the counts");
        }
        return Math.addExact(gained, lost);
    }

    /** P(X <= k) for X binomial with n trials and probability one half. */
    private static double lowerTail(long k, long n) {
        if (n <= MAX_EXACT_PAIRS) {
            // From the smallest term up: without any rounding as long as the counts fit into a double.
            double term = Math.scalb(1.0, (int) -n);
            double sum = 0;
            for (long i = 0; i <= k; i++) {
                sum += term;
                term = term * (n - i) / (i + 1);
            }
            return sum;
        }
        // From the largest term down, as the smallest may be 0 in a double.
        double term = StrictMath.exp(logProbability(k, n));
        double sum = 0;
        for (long i = k; i >= 0 && term > 0; i--) {
            sum += term;
            term *= i / (double) (n - i + 1);
        }
        return sum;
    }

    private static double logProbability(long k, long n) {
        double log = -n * StrictMath.log(2);
        long small = Math.min(k, n - k);
        for (long i = 1; i <= small; i++) {
            log += StrictMath.log((n - small + i) / (double) i);
        }
        return log;
    }
}
