package dev.llmlifecycle.eval.statistics;

import dev.llmlifecycle.api.statistics.McNemarTest;
import org.apache.commons.statistics.distribution.BinomialDistribution;
import org.apache.commons.statistics.distribution.ChiSquaredDistribution;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * The chance that a test will see a difference of a given size, and how many rows it takes.
 *
 * <p>Thread-safe. {@link dev.llmlifecycle.api.statistics.Proportions#pairedSampleSize} is the number of pairs for
 * McNemar's test.
 *
 * @since 0.1
 */
public final class PowerAnalysis {

    private static final int MOST_PAIRS = 10_000_000;

    private PowerAnalysis() {}

    /**
     * Returns the power of the two-sided paired t-test: the chance that a noncentral t with {@code n - 1} degrees of
     * freedom and noncentrality {@code dz √n} lies outside the critical values (J. Cohen, "Statistical Power Analysis
     * for the Behavioral Sciences", 2nd edition 1988).
     *
     * @param pairs at least 2
     * @param dz the effect as in {@link EffectSizes#cohensDz}
     * @param alpha the accepted rate of false alarms in (0, 1)
     * @return in [0, 1]
     */
    public static double pairedT(int pairs, double dz, double alpha) {
        Samples.requireShare(alpha, "alpha");
        if (pairs < 2 || !Double.isFinite(dz)) {
            throw new IllegalArgumentException(
                    "the power of a paired t-test needs at least 2 pairs and a finite effect but got " + pairs + " and "
                            + dz + "; check the plan");
        }
        double critical = TDistribution.of(pairs - 1.0).inverseSurvivalProbability(alpha / 2);
        double shift = dz * Math.sqrt(pairs);
        return Math.min(1, 1 - noncentralT(critical, pairs - 1, shift) + noncentralT(-critical, pairs - 1, shift));
    }

    /**
     * Returns how many pairs the two-sided paired t-test needs.
     *
     * @param dz the effect to be seen, not 0
     * @param alpha the accepted rate of false alarms in (0, 1)
     * @param power the wanted chance of seeing it, in (0, 1)
     * @return the smallest number of pairs whose power is at least that
     */
    public static int pairsForT(double dz, double alpha, double power) {
        Samples.requireShare(power, "power");
        if (pairedT(2, dz, alpha) >= power) {
            return 2;
        }
        int low = 2;
        int high = 4;
        while (pairedT(high, dz, alpha) < power) {
            if (high > MOST_PAIRS) {
                throw new IllegalArgumentException("an effect of " + dz + " needs more than " + MOST_PAIRS
                        + " pairs; look for a larger one, or a less noisy metric");
            }
            low = high;
            high *= 2;
        }
        while (high - low > 1) {
            int middle = (low + high) >>> 1;
            if (pairedT(middle, dz, alpha) < power) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return high;
    }

    /**
     * Returns the power of the exact McNemar test: over all numbers of discordant pairs, and of gains among them, the
     * chance of those that reject.
     *
     * @param pairs at least 1; the work grows with the square of it
     * @param gained the expected share of pairs in which only the candidate succeeds
     * @param lost the expected share of pairs in which only the baseline succeeds
     * @param alpha the accepted rate of false alarms in (0, 1)
     * @return in [0, 1]
     */
    public static double mcNemar(int pairs, double gained, double lost, double alpha) {
        Samples.requireShare(alpha, "alpha");
        if (pairs < 1 || !(gained >= 0 && lost >= 0 && gained + lost > 0 && gained + lost <= 1)) {
            throw new IllegalArgumentException("the power of McNemar's test needs pairs and shares with 0 < gained + "
                    + "lost <= 1 but got " + pairs + " pairs, " + gained + " and " + lost + "; check the plan");
        }
        BinomialDistribution discordant = BinomialDistribution.of(pairs, gained + lost);
        double power = 0;
        for (int d = 0; d <= pairs; d++) {
            double chance = discordant.probability(d);
            if (chance < 1e-15) {
                continue;
            }
            int largest = largestRejected(d, alpha);
            if (largest >= 0) {
                BinomialDistribution gains = BinomialDistribution.of(d, gained / (gained + lost));
                power += chance * (gains.cumulativeProbability(largest) + gains.survivalProbability(d - largest - 1));
            }
        }
        return Math.min(1, power);
    }

    /** Returns the largest number of gains, below one half, at which the test rejects, or -1. */
    private static int largestRejected(int discordant, double alpha) {
        int low = -1;
        int high = discordant / 2 + 1;
        while (high - low > 1) {
            int middle = (low + high) >>> 1;
            if (McNemarTest.exactPValue(middle, discordant - middle) <= alpha) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /**
     * P(T' <= t): the normal probability {@code Φ(t u - shift)} averaged over {@code u = √(χ²/ν)}, by Simpson's rule
     * over the quantiles of u that matter.
     */
    private static double noncentralT(double t, int freedom, double shift) {
        ChiSquaredDistribution chi = ChiSquaredDistribution.of(freedom);
        NormalDistribution normal = NormalDistribution.of(0, 1);
        double from = Math.sqrt(chi.inverseCumulativeProbability(1e-14) / freedom);
        double to = Math.sqrt(chi.inverseSurvivalProbability(1e-14) / freedom);
        int steps = 2_000;
        double width = (to - from) / steps;
        double sum = 0;
        for (int i = 0; i <= steps; i++) {
            double u = from + i * width;
            double density = 2 * freedom * u * chi.density(freedom * u * u);
            double weight = i == 0 || i == steps ? 1 : (i & 1) == 1 ? 4 : 2;
            sum += u == 0 ? 0 : weight * density * normal.cumulativeProbability(t * u - shift);
        }
        return Math.max(0, Math.min(1, sum * width / 3));
    }
}
