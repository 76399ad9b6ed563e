package dev.llmlifecycle.api.experiment;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

import dev.llmlifecycle.api.statistics.Interval;

/**
 * What a comparison shows for one metric.
 *
 * <p>Immutable. Differences are candidate minus baseline in the metric's unit, whichever way is better.
 *
 * @param metric the metric's name
 * @param conclusion what the rows show
 * @param holds whether the candidate is shown to lose less than the margin, at one-sided {@code alpha}; a guardrail
 *     needs it
 * @param pairs the number of pairs, at least 1
 * @param missing how many more pairs there would be if none were missing
 * @param clusters how many clusters the pairs come in; the number of pairs where they are independent
 * @param repeats how many runs of each arm a score is the mean of, the fewest over the pairs
 * @param baselineMean the baseline's mean score, its success rate where it passes or fails
 * @param candidateMean the candidate's mean score
 * @param gained pairs in which the candidate does better
 * @param lost pairs in which the baseline does better
 * @param effect the mean difference
 * @param difference its interval at level {@code 1 - alpha}; an end is infinite where the rows are too few for one
 * @param test the test that was used; {@link PairedTest#reason()} says why
 * @param assumptions what was checked to choose it, and what the rows said
 * @param pValue the two-sided p-value of "no difference"
 * @param adjustedPValue the p-value after Holm's adjustment over the metrics of its role
 * @param pairsStillNeeded about how many more pairs would settle it at a power of 0.8; 0 unless UNDECIDED
 * @since 0.1
 */
public record MetricVerdict(
        String metric,
        Conclusion conclusion,
        boolean holds,
        int pairs,
        int missing,
        int clusters,
        int repeats,
        double baselineMean,
        double candidateMean,
        int gained,
        int lost,
        double effect,
        Interval difference,
        PairedTest test,
        List<AssumptionCheck> assumptions,
        double pValue,
        double adjustedPValue,
        int pairsStillNeeded) {

    /** Checks that nothing is missing and there is a pair, and copies. */
    public MetricVerdict {
        Objects.requireNonNull(metric, "metric");
        Objects.requireNonNull(conclusion, "conclusion");
        Objects.requireNonNull(difference, "difference");
        Objects.requireNonNull(test, "test");
        assumptions = List.copyOf(assumptions);
        if (pairs < 1) {
            throw new IllegalArgumentException("the verdict on metric '" + metric + "' rests on " + pairs
                    + " pairs; take it from Verdict.compute");
        }
    }

    /**
     * Returns in how many pairs the baseline passed, for a metric that passes or fails.
     *
     * @return its mean times the pairs, rounded
     */
    public int baselinePassed() {
        return (int) Math.round(baselineMean * pairs);
    }

    /**
     * Returns in how many pairs the candidate passed, for a metric that passes or fails.
     *
     * @return its mean times the pairs, rounded
     */
    public int candidatePassed() {
        return (int) Math.round(candidateMean * pairs);
    }

    Map<String, Object> toCanonical() {
        Map<String, Object> canonical = new TreeMap<>();
        canonical.put("metric", metric);
        canonical.put("conclusion", conclusion);
        canonical.put("holds", holds);
        canonical.put("pairs", pairs);
        canonical.put("missing", missing);
        canonical.put("clusters", clusters);
        canonical.put("repeats", repeats);
        canonical.put("baselineMean", baselineMean);
        canonical.put("candidateMean", candidateMean);
        canonical.put("gained", gained);
        canonical.put("lost", lost);
        canonical.put("effect", effect);
        canonical.put(
                "difference",
                Map.of("low", end(difference.low()), "high", end(difference.high()), "level", difference.level()));
        canonical.put("test", test);
        canonical.put(
                "assumptions",
                assumptions.stream().map(AssumptionCheck::toCanonical).toList());
        canonical.put("pValue", pValue);
        canonical.put("adjustedPValue", adjustedPValue);
        canonical.put("pairsStillNeeded", pairsStillNeeded);
        return canonical;
    }

    /** Canonical JSON has no infinite numbers. */
    private static Object end(double value) {
        return Double.isInfinite(value) ? Double.toString(value) : value;
    }
}
