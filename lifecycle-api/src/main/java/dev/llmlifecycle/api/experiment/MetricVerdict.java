package dev.llmlifecycle.api.experiment;

import dev.llmlifecycle.api.statistics.Interval;

/**
 * What a comparison shows for one metric.
 *
 * <p>Immutable.
 *
 * @param metric the metric's name
 * @param conclusion what the rows show
 * @param pairs the number of pairs
 * @param baselinePassed pairs in which the baseline passed
 * @param candidatePassed pairs in which the candidate passed
 * @param gained pairs in which only the candidate passed
 * @param lost pairs in which only the baseline passed
 * @param difference the interval of the difference of success rates, candidate minus baseline
 * @param pValue the exact McNemar p-value
 * @param adjustedPValue the p-value after Holm's adjustment over the metrics
 * @param pairsStillNeeded about how many more pairs would settle it at a power of 0.8; 0 unless UNDECIDED
 * @since 0.1
 */
public record MetricVerdict(
        String metric,
        Conclusion conclusion,
        int pairs,
        int baselinePassed,
        int candidatePassed,
        int gained,
        int lost,
        Interval difference,
        double pValue,
        double adjustedPValue,
        int pairsStillNeeded) {

    /**
     * Returns the observed difference of success rates.
     *
     * @return candidate minus baseline, in [-1, 1]
     */
    public double effect() {
        return (candidatePassed - baselinePassed) / (double) pairs;
    }
}
