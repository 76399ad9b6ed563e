package dev.llmlifecycle.api.experiment;

import java.util.Map;
import java.util.Objects;

import dev.llmlifecycle.api.statistics.Interval;

/**
 * What a comparison shows for one metric.
 *
 * <p>Immutable.
 *
 * @param metric the metric's name
 * @param conclusion what the rows show
 * @param pairs the number of pairs, at least 1
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

    /** Checks that nothing is missing and there is a pair. */
    public MetricVerdict {
        Objects.requireNonNull(metric, "metric");
        Objects.requireNonNull(conclusion, "conclusion");
        Objects.requireNonNull(difference, "difference");
        if (pairs < 1) {
            throw new IllegalArgumentException("the verdict on metric '" + metric + "' rests on " + pairs
                    + " pairs; take it from Verdict.compute");
        }
    }

    /**
     * Returns the observed difference of success rates.
     *
     * @return candidate minus baseline, in [-1, 1]
     */
    public double effect() {
        return (candidatePassed - baselinePassed) / (double) pairs;
    }

    Map<String, Object> toCanonical() {
        return Map.ofEntries(
                Map.entry("metric", metric),
                Map.entry("conclusion", conclusion.name()),
                Map.entry("pairs", pairs),
                Map.entry("baselinePassed", baselinePassed),
                Map.entry("candidatePassed", candidatePassed),
                Map.entry("gained", gained),
                Map.entry("lost", lost),
                Map.entry(
                        "difference",
                        Map.of("low", difference.low(), "high", difference.high(), "level", difference.level())),
                Map.entry("pValue", pValue),
                Map.entry("adjustedPValue", adjustedPValue),
                Map.entry("pairsStillNeeded", pairsStillNeeded));
    }
}
