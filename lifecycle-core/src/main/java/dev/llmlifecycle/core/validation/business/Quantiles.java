package dev.llmlifecycle.core.validation.business;

import java.util.Arrays;

import dev.llmlifecycle.api.statistics.Interval;

/**
 * A quantile of observations and its interval between two of them, whatever their distribution (W. J. Conover,
 * "Practical Nonparametric Statistics", Wiley, 3rd edition 1999, section 3.2): the numbers of observations below the
 * true quantile are binomial.
 */
final class Quantiles {

    private Quantiles() {}

    /** Returns the observation that a share {@code q} of all do not exceed; of an even number the lower middle. */
    static double quantile(double[] observations, double q) {
        double[] sorted = observations.clone();
        Arrays.sort(sorted);
        return sorted[(int) Math.max(0, Math.ceil(q * sorted.length) - 1)];
    }

    /** Returns the interval; an end that too few observations leave open is 0 or infinite. */
    static Interval interval(double[] observations, double q, double level) {
        double[] sorted = observations.clone();
        Arrays.sort(sorted);
        int n = sorted.length;
        double tail = (1 - level) / 2;
        double below = 0;
        double logTerm = n * StrictMath.log1p(-q);
        double odds = StrictMath.log(q) - StrictMath.log1p(-q);
        int low = 0;
        int high = n + 1;
        for (int k = 0; k <= n; k++) {
            below += StrictMath.exp(logTerm);
            // below = P(B <= k): the quantile lies under the observation of rank k + 1 with this chance.
            if (below <= tail) {
                low = k + 1;
            }
            if (below >= 1 - tail) {
                high = k + 1;
                break;
            }
            logTerm += StrictMath.log((n - k) / (k + 1.0)) + odds;
        }
        return new Interval(
                low == 0 ? 0 : sorted[low - 1], high > n ? Double.POSITIVE_INFINITY : sorted[high - 1], level);
    }
}
