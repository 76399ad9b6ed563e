package dev.llmlifecycle.eval.statistics;

import java.util.Arrays;
import java.util.List;

import org.apache.commons.statistics.distribution.FDistribution;

/**
 * The analysis of variance of values in groups: do the groups differ by more than chance?
 *
 * <p>Immutable. Asked of clusters, it says whether rows of one cluster resemble each other, and then
 * {@link ConfidenceIntervals#clusteredMean} is the interval to use (R. A. Fisher, "Statistical Methods for Research
 * Workers", 1925).
 *
 * @param betweenFreedom {@code k - 1}
 * @param withinFreedom {@code n - k}
 * @param betweenSquares {@code Σ n_g (x̄_g - x̄)²}
 * @param withinSquares {@code Σ (x - x̄_g)²}
 * @param intraclassCorrelation the share of the variance that lies between groups, {@code (MSB - MSW) / (MSB + (n₀ - 1)
 *     MSW)} with {@code n₀ = (n - Σn_g²/n) / (k - 1)}; below 0 where groups resemble each other by chance
 * @since 0.1
 */
public record OneWayAnova(
        int betweenFreedom,
        int withinFreedom,
        double betweenSquares,
        double withinSquares,
        double intraclassCorrelation) {

    /**
     * Analyses groups.
     *
     * @param groups at least two, none empty, more values than groups, all finite
     * @return the analysis
     */
    public static OneWayAnova of(List<double[]> groups) {
        if (groups.size() < 2) {
            throw new IllegalArgumentException(
                    "an analysis of variance needs at least two groups but got " + groups.size());
        }
        groups.forEach(group -> Samples.require(group, 1, "A group of an analysis of variance"));
        double[] all = groups.stream().flatMapToDouble(Arrays::stream).toArray();
        Samples.require(all, groups.size() + 1, "An analysis of variance of " + groups.size() + " groups");
        PreciseMean mean = PreciseMean.of(all);
        double between = 0;
        double within = 0;
        double squaredSizes = 0;
        for (double[] group : groups) {
            PreciseMean own = PreciseMean.of(group);
            double deviation = mean.deviation(own);
            between += group.length * deviation * deviation;
            within += own.squares(group);
            squaredSizes += (double) group.length * group.length;
        }
        int betweenFreedom = groups.size() - 1;
        int withinFreedom = all.length - groups.size();
        double meanBetween = between / betweenFreedom;
        double meanWithin = within / withinFreedom;
        double size = (all.length - squaredSizes / all.length) / betweenFreedom;
        return new OneWayAnova(
                betweenFreedom,
                withinFreedom,
                between,
                within,
                (meanBetween - meanWithin) / (meanBetween + (size - 1) * meanWithin));
    }

    /**
     * Returns the F statistic.
     *
     * @return mean squares between by mean squares within
     */
    public double fStatistic() {
        return betweenSquares / betweenFreedom / (withinSquares / withinFreedom);
    }

    /**
     * Returns the share of the squares that lies between groups.
     *
     * @return {@code R²}, in [0, 1]
     */
    public double rSquared() {
        return betweenSquares / (betweenSquares + withinSquares);
    }

    /**
     * Returns the chance of groups this different where they do not differ; assumes normal values of one variance.
     *
     * @return the p-value in [0, 1], NaN where all values are equal
     */
    public double pValue() {
        double statistic = fStatistic();
        return Double.isNaN(statistic)
                ? Double.NaN
                : FDistribution.of(betweenFreedom, withinFreedom).survivalProbability(statistic);
    }
}
