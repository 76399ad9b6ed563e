package dev.llmlifecycle.api.experiment;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.statistics.McNemarTest;
import dev.llmlifecycle.api.statistics.Proportions;

/**
 * The outcome of comparing a candidate release with a baseline on a dataset, with all that is needed to reach it again.
 *
 * <p>Immutable. A verdict is only ever computed: {@link #compute} is a pure function of policy and rows, and
 * {@link #isReproducedBy} tells whether rows lead to it. Promotion asks that, so a verdict that someone merely wrote
 * down promotes nothing.
 *
 * @param conclusion the overall conclusion by the policy's rule
 * @param metrics the conclusion for each metric, ordered by name
 * @param candidate the hash of the candidate release
 * @param baseline the hash of the baseline release
 * @param dataset the hash of the dataset
 * @param policy the rule
 * @param rowsHash the hash of the rows
 * @since 0.1
 */
public record Verdict(
        Conclusion conclusion,
        List<MetricVerdict> metrics,
        Hash candidate,
        Hash baseline,
        Hash dataset,
        VerdictPolicy policy,
        Hash rowsHash) {

    private static final Comparator<PairedRow> ROW_ORDER =
            Comparator.comparing(PairedRow::metric).thenComparing(PairedRow::exampleId);

    private static final double POWER = 0.8;

    /** Copies. */
    public Verdict {
        Objects.requireNonNull(conclusion, "conclusion");
        metrics = List.copyOf(metrics);
        Objects.requireNonNull(candidate, "candidate");
        Objects.requireNonNull(baseline, "baseline");
        Objects.requireNonNull(dataset, "dataset");
        Objects.requireNonNull(policy, "policy");
        Objects.requireNonNull(rowsHash, "rowsHash");
    }

    /**
     * Reaches a verdict.
     *
     * @param policy the rule
     * @param candidate the hash of the candidate release
     * @param baseline the hash of the baseline release
     * @param dataset the hash of the dataset
     * @param rows the rows of every metric that the policy names, in any order
     * @return the verdict
     * @throws IllegalArgumentException when a metric has no rows, rows name a metric that the policy does not, an
     *     example stands twice under one metric, or the metrics cover different examples
     */
    public static Verdict compute(
            VerdictPolicy policy, Hash candidate, Hash baseline, Hash dataset, List<PairedRow> rows) {
        Map<String, List<PairedRow>> byMetric = group(policy, rows);
        Map<String, Double> adjusted = holm(byMetric);
        List<MetricVerdict> metrics = new ArrayList<>();
        byMetric.forEach((metric, metricRows) -> metrics.add(judge(
                metric,
                metricRows,
                adjusted.getOrDefault(metric, 1.0),
                policy.alpha(),
                policy.margins().getOrDefault(metric, 1.0))));
        return new Verdict(overall(metrics), metrics, candidate, baseline, dataset, policy, hashOf(rows));
    }

    /**
     * Tells whether rows lead to exactly this verdict.
     *
     * <p>Rows do not name releases or the dataset: that these are the ones in question is for the caller to compare.
     *
     * @param rows the rows it claims to rest on
     * @return true when their hash and everything computed from them agree; false also for rows that lead to no verdict
     *     under this policy
     */
    public boolean isReproducedBy(List<PairedRow> rows) {
        try {
            return compute(policy, candidate, baseline, dataset, rows).equals(this);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /**
     * Returns the hash over everything in this verdict.
     *
     * @return equal on every JVM for equal content
     */
    public Hash hash() {
        return Hash.ofCanonicalJson(toCanonical());
    }

    /**
     * Returns this verdict as a canonical value.
     *
     * @return a map for {@link dev.llmlifecycle.api.identity.CanonicalJson}
     */
    public Map<String, Object> toCanonical() {
        return Map.of(
                "type", "verdict",
                "conclusion", conclusion.name(),
                "metrics", metrics.stream().map(MetricVerdict::toCanonical).toList(),
                "candidate", candidate.hex(),
                "baseline", baseline.hex(),
                "dataset", dataset.hex(),
                "policy", policy.toCanonical(),
                "rows", rowsHash.hex());
    }

    private static Hash hashOf(List<PairedRow> rows) {
        return Hash.ofCanonicalJson(
                rows.stream().sorted(ROW_ORDER).map(PairedRow::toCanonical).toList());
    }

    private static Map<String, List<PairedRow>> group(VerdictPolicy policy, List<PairedRow> rows) {
        Map<String, List<PairedRow>> byMetric = new TreeMap<>();
        policy.margins().keySet().forEach(metric -> byMetric.put(metric, new ArrayList<>()));
        Map<String, Set<String>> examples = new HashMap<>();
        for (PairedRow row : rows) {
            List<PairedRow> group = byMetric.get(row.metric());
            if (group == null) {
                throw new IllegalArgumentException("the rows hold the metric '" + row.metric()
                        + "' that the policy does not name; declare it before looking at the rows");
            }
            if (!examples.computeIfAbsent(row.metric(), metric -> new HashSet<>())
                    .add(row.exampleId())) {
                throw new IllegalArgumentException("example '" + row.exampleId() + "' stands twice under metric '"
                        + row.metric() + "'; aggregate repeats before");
            }
            group.add(row);
        }
        int all = examples.values().stream()
                .flatMap(Set::stream)
                .collect(Collectors.toSet())
                .size();
        byMetric.forEach((metric, group) -> {
            if (group.isEmpty() || group.size() != all) {
                throw new IllegalArgumentException("metric '" + metric + "' has rows of " + group.size() + " of " + all
                        + " examples; score every example under every metric, and at least one");
            }
        });
        return byMetric;
    }

    private static Map<String, Double> holm(Map<String, List<PairedRow>> byMetric) {
        record Raw(String metric, double pValue) {}
        List<Raw> ascending = byMetric.entrySet().stream()
                .map(entry -> new Raw(entry.getKey(), pValue(entry.getValue())))
                .sorted(Comparator.comparingDouble(Raw::pValue).thenComparing(Raw::metric))
                .toList();
        Map<String, Double> adjusted = new HashMap<>();
        double largest = 0;
        for (int i = 0; i < ascending.size(); i++) {
            Raw raw = ascending.get(i);
            largest = Math.max(largest, Math.min(1, (ascending.size() - i) * raw.pValue()));
            adjusted.put(raw.metric(), largest);
        }
        return adjusted;
    }

    private static double pValue(List<PairedRow> rows) {
        return McNemarTest.exactPValue(gained(rows), lost(rows));
    }

    private static int gained(List<PairedRow> rows) {
        return (int)
                rows.stream().filter(row -> row.candidate() && !row.baseline()).count();
    }

    private static int lost(List<PairedRow> rows) {
        return (int)
                rows.stream().filter(row -> row.baseline() && !row.candidate()).count();
    }

    private static MetricVerdict judge(
            String metric, List<PairedRow> rows, double adjustedPValue, double alpha, double margin) {
        int gained = gained(rows);
        int lost = lost(rows);
        int pairs = rows.size();
        Conclusion conclusion;
        if (adjustedPValue <= alpha) {
            conclusion = gained > lost ? Conclusion.IMPROVED : Conclusion.REGRESSED;
        } else if (Proportions.pairedDifference(gained, lost, pairs, 1 - 2 * alpha)
                .within(margin)) {
            conclusion = Conclusion.EQUIVALENT;
        } else {
            conclusion = Conclusion.UNDECIDED;
        }
        return new MetricVerdict(
                metric,
                conclusion,
                pairs,
                (int) rows.stream().filter(PairedRow::baseline).count(),
                (int) rows.stream().filter(PairedRow::candidate).count(),
                gained,
                lost,
                Proportions.pairedDifference(gained, lost, pairs, 1 - alpha),
                pValue(rows),
                adjustedPValue,
                conclusion == Conclusion.UNDECIDED ? stillNeeded(gained, lost, pairs, margin, alpha) : 0);
    }

    private static int stillNeeded(int gained, int lost, int pairs, double margin, double alpha) {
        double discordant = Math.max((gained + lost + 1.0) / (pairs + 2.0), margin);
        long missing = Proportions.pairedSampleSize(discordant, margin, alpha, POWER) - pairs;
        return (int) Math.max(1, Math.min(Integer.MAX_VALUE, missing));
    }

    private static Conclusion overall(List<MetricVerdict> metrics) {
        Set<Conclusion> found = new HashSet<>();
        metrics.forEach(metric -> found.add(metric.conclusion()));
        if (found.contains(Conclusion.REGRESSED)) {
            return Conclusion.REGRESSED;
        }
        if (found.contains(Conclusion.IMPROVED)) {
            return Conclusion.IMPROVED;
        }
        return found.equals(Set.of(Conclusion.EQUIVALENT)) ? Conclusion.EQUIVALENT : Conclusion.UNDECIDED;
    }
}
