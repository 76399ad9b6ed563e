package dev.llmlifecycle.eval.statistics;

import dev.llmlifecycle.api.statistics.Interval;

/**
 * How large a paired difference is, apart from how sure it is.
 *
 * <p>Thread-safe.
 *
 * @since 0.1
 */
public final class EffectSizes {

    private EffectSizes() {}

    /**
     * Returns Cohen's d of paired differences: {@code dz = d̄ / s} (J. Cohen, "Statistical Power Analysis for the
     * Behavioral Sciences", 2nd edition 1988, section 2.3.5). By his habit 0.2 is small, 0.5 medium, 0.8 large.
     *
     * @param differences finite, at least two
     * @return the effect, infinite where all differences are one other than zero, 0 where all are zero
     */
    public static double cohensDz(double[] differences) {
        Samples.require(differences, 2, "Cohen's d");
        Summary summary = Summary.of(differences);
        return summary.mean() == 0 ? 0 : summary.mean() / summary.standardDeviation();
    }

    /**
     * Returns the rank-biserial correlation of paired differences: {@code (W⁺ - W⁻) / (W⁺ + W⁻)} over the rank sums of
     * {@link PairedTests#wilcoxon} (D. S. Kerby, "The Simple Difference Formula", Comprehensive Psychology 3, 2014).
     *
     * @param differences finite, at least one
     * @return in [-1, 1]; 1 where every difference is positive, 0 where all are zero
     */
    public static double rankBiserial(double[] differences) {
        Samples.require(differences, 1, "A rank-biserial correlation");
        double n = PairedTests.rounded(differences).length;
        double total = n * (n + 1) / 2;
        return n == 0 ? 0 : 2 * PairedTests.wilcoxon(differences).statistic() / total - 1;
    }

    /**
     * Returns the odds ratio of discordant pairs, {@code gained / lost}, which is the conditional maximum likelihood
     * estimate for paired success rates.
     *
     * @param gained pairs in which only the candidate succeeded
     * @param lost pairs in which only the baseline succeeded
     * @return the ratio, infinite where nothing was lost, NaN where no pair differs
     */
    public static double discordantOddsRatio(long gained, long lost) {
        requireCounts(gained, lost);
        return gained / (double) lost;
    }

    /**
     * Returns the exact interval of the odds ratio of discordant pairs: {@code p/(1 - p)} at the ends of the
     * {@link ConfidenceIntervals#clopperPearson} interval of {@code gained} out of {@code gained + lost}.
     *
     * @param gained pairs in which only the candidate succeeded
     * @param lost pairs in which only the baseline succeeded
     * @param level the nominal coverage in (0, 1)
     * @return the interval, its upper end infinite where nothing was lost
     */
    public static Interval discordantOddsRatioInterval(long gained, long lost, double level) {
        requireCounts(gained, lost);
        if (gained + lost == 0) {
            return new Interval(0, Double.POSITIVE_INFINITY, level);
        }
        Interval share = ConfidenceIntervals.clopperPearson(gained, gained + lost, level);
        return new Interval(share.low() / (1 - share.low()), share.high() / (1 - share.high()), level);
    }

    private static void requireCounts(long gained, long lost) {
        if (gained < 0 || lost < 0) {
            throw new IllegalArgumentException(
                    "an odds ratio counts pairs but got " + gained + " and " + lost + "; check the counts");
        }
    }
}
