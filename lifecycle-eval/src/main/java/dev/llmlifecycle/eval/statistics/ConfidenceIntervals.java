package dev.llmlifecycle.eval.statistics;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

import dev.llmlifecycle.api.statistics.Interval;
import dev.llmlifecycle.api.statistics.Proportions;
import org.apache.commons.statistics.distribution.BetaDistribution;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * Confidence intervals of proportions and means.
 *
 * <p>Thread-safe. {@link Bootstrap} makes intervals of other statistics, {@link Proportions#pairedDifference} those of
 * a difference of paired success rates.
 *
 * @since 0.1
 */
public final class ConfidenceIntervals {

    private ConfidenceIntervals() {}

    /**
     * Returns Wilson's score interval of a proportion, which covers its level on average.
     *
     * @param successes how often it happened, in [0, {@code trials}]
     * @param trials how often it could have, at least 1
     * @param level the nominal coverage in (0, 1)
     * @return {@link Proportions#wilson}
     */
    public static Interval wilson(long successes, long trials, double level) {
        return Proportions.wilson(successes, trials, level);
    }

    /**
     * Returns the exact interval of a proportion, which covers its level always and is wider for it: the quantiles
     * {@code B(α/2; k, n - k + 1)} and {@code B(1 - α/2; k + 1, n - k)} of the beta distribution (C. J. Clopper and E.
     * S. Pearson, "The use of confidence or fiducial limits illustrated in the case of the binomial", Biometrika 26,
     * 1934).
     *
     * @param successes how often it happened, in [0, {@code trials}]
     * @param trials how often it could have, at least 1
     * @param level the nominal coverage in (0, 1)
     * @return the interval, inside [0, 1]
     */
    public static Interval clopperPearson(long successes, long trials, double level) {
        Samples.requireShare(level, "a confidence level");
        if (trials < 1 || successes < 0 || successes > trials) {
            throw new IllegalArgumentException("a proportion needs 0 <= successes <= trials and trials >= 1 but got "
                    + successes + " of " + trials + "; check the counts");
        }
        double tail = (1 - level) / 2;
        double low = successes == 0
                ? 0
                : BetaDistribution.of((double) successes, trials - successes + 1.0)
                        .inverseCumulativeProbability(tail);
        double high = successes == trials
                ? 1
                : BetaDistribution.of(successes + 1.0, (double) (trials - successes))
                        .inverseSurvivalProbability(tail);
        return new Interval(low, high, level);
    }

    /**
     * Returns Student's interval of a mean: {@code x̄ ± t(n - 1) s/√n}. It assumes independent rows and a mean that is
     * about normal, as it is for some dozens of rows unless they are very skewed.
     *
     * @param values finite, at least two
     * @param level the nominal coverage in (0, 1)
     * @return the interval
     */
    public static Interval mean(double[] values, double level) {
        Samples.require(values, 2, "The interval of a mean");
        Summary summary = Summary.of(values);
        return around(summary.mean(), summary.standardError(), values.length - 1.0, level);
    }

    /**
     * Returns the interval of a mean whose rows come in clusters, such as questions of one conversation, document or
     * user: {@code x̄ ± t(G - 1) √V}, with {@code V = G/(G - 1) Σ_g (Σ_{i in g} (x_i - x̄))² / n²} (K.-Y. Liang and S.
     * L. Zeger, "Longitudinal data analysis using generalized linear models", Biometrika 73, 1986; for evaluations E.
     * Miller, "Adding Error Bars to Evals", 2024). Trust it from some twenty clusters on.
     *
     * @param values finite
     * @param clusters for each value the cluster it belongs to; at least two in all
     * @param level the nominal coverage in (0, 1)
     * @return the interval
     */
    public static Interval clusteredMean(double[] values, List<String> clusters, double level) {
        ClusteredMean mean = ClusteredMean.of(values, clusters);
        return around(mean.mean(), mean.standardError(), mean.clusters() - 1.0, level);
    }

    /**
     * Returns the interval of the mean of a population that is made of strata of known shares: {@code Σ W_h x̄_h ± t
     * √(Σ W_h² s_h² / n_h)} with the degrees of freedom of Satterthwaite (W. G. Cochran, "Sampling Techniques", 3rd
     * edition 1977, sections 5.3 and 5.4).
     *
     * @param values finite, at least two in each stratum
     * @param strata for each value the stratum it belongs to
     * @param shares the share of each stratum in the population; they sum to 1
     * @param level the nominal coverage in (0, 1)
     * @return the interval
     */
    public static Interval stratifiedMean(
            double[] values, List<String> strata, Map<String, Double> shares, double level) {
        Samples.requireSameLength(values.length, strata.size(), "A stratified mean");
        Samples.require(values, 2, "A stratified mean");
        requireShares(strata, shares);
        double mean = 0;
        double variance = 0;
        double denominator = 0;
        for (Map.Entry<String, int[]> stratum : Samples.positions(strata).entrySet()) {
            double[] own = Bootstrap.pick(values, stratum.getValue());
            Samples.require(own, 2, "Stratum '" + stratum.getKey() + "'");
            Summary summary = Summary.of(own);
            double share = shares.getOrDefault(stratum.getKey(), 0.0);
            double part = Math.pow(share * summary.standardError(), 2);
            mean += share * summary.mean();
            variance += part;
            denominator += part * part / (own.length - 1);
        }
        double freedom = denominator == 0 ? values.length - 1.0 : variance * variance / denominator;
        return around(mean, Math.sqrt(variance), freedom, level);
    }

    private static void requireShares(List<String> strata, Map<String, Double> shares) {
        TreeSet<String> named = new TreeSet<>(shares.keySet());
        TreeSet<String> found = new TreeSet<>(strata);
        double sum = shares.values().stream().mapToDouble(Double::doubleValue).sum();
        boolean negative = shares.values().stream().anyMatch(share -> share < 0);
        if (!named.equals(found) || negative || !(Math.abs(sum - 1) < 1e-9)) {
            throw new IllegalArgumentException(
                    "a stratified mean needs a share for each stratum, none below 0 and 1 in "
                            + "sum, but the values come from " + found + " and the shares, " + sum + " in sum, are "
                            + new TreeMap<>(shares) + "; take them from the population");
        }
    }

    private static Interval around(double centre, double error, double freedom, double level) {
        Samples.requireShare(level, "a confidence level");
        double half = error == 0 ? 0 : error * TDistribution.of(freedom).inverseSurvivalProbability((1 - level) / 2);
        return new Interval(centre - half, centre + half, level);
    }
}
