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
import java.util.TreeSet;
import java.util.stream.Collectors;

import dev.llmlifecycle.api.identity.Hash;

/**
 * The outcome of comparing a candidate release with a baseline on a dataset, with all that is needed to reach it again.
 *
 * <p>Immutable. A verdict is only ever computed: {@link #compute} is a pure function of policy and rows, equal on every
 * JVM, and {@link #isReproducedBy} tells whether rows lead to it. Promotion asks that, so a verdict that someone merely
 * wrote down promotes nothing.
 *
 * @param conclusion the overall conclusion by the policy's rule
 * @param metrics the conclusion for each metric, ordered by name
 * @param candidate the hash of the candidate release
 * @param baseline the hash of the baseline release
 * @param dataset the hash of the dataset
 * @param policy the rule
 * @param rowsHash the hash of the rows and of what they are rows of
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

    private static final double MOST_MISSING = 0.05;
    private static final int NAMED_IDS = 5;

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
     * @param rows the rows of every metric that the policy names
     * @return the verdict on the releases and the dataset that the rows name
     * @throws IllegalArgumentException when a metric has no rows, rows name a metric that the policy does not, an
     *     example stands twice under one metric, the metrics cover different examples, a rate is outside [0, 1], or
     *     clusters are named on one side only
     */
    public static Verdict compute(VerdictPolicy policy, PairedRows rows) {
        Map<String, List<PairedRow>> byMetric = group(policy, rows);
        Map<String, Integer> missing = new HashMap<>();
        rows.missing().forEach(pair -> missing.merge(pair.metric(), 1, Integer::sum));
        Map<String, Comparison> comparisons = new TreeMap<>();
        byMetric.forEach((metric, metricRows) -> comparisons.put(
                metric,
                new Comparison(
                        policy.rule(metric), metricRows, policy.clusterBy().isPresent(), policy.alpha())));
        Map<String, Double> adjusted = new HashMap<>();
        for (MetricRule.Role role : MetricRule.Role.values()) {
            adjusted.putAll(holm(policy, comparisons, role));
        }
        List<MetricVerdict> metrics = new ArrayList<>();
        byMetric.forEach((metric, metricRows) -> metrics.add(judge(
                policy,
                metric,
                metricRows,
                missing.getOrDefault(metric, 0),
                Objects.requireNonNull(comparisons.get(metric)),
                adjusted.getOrDefault(metric, 1.0))));
        return new Verdict(
                overall(policy, metrics),
                metrics,
                rows.candidate(),
                rows.baseline(),
                rows.dataset(),
                policy,
                rows.hash());
    }

    /**
     * Reaches a verdict from rows that carry no labels of their own.
     *
     * @param policy the rule
     * @param candidate the hash of the candidate release, for whose truth the caller answers
     * @param baseline the hash of the baseline release, likewise
     * @param dataset the hash of the dataset, likewise
     * @param rows the rows of every metric that the policy names, in any order
     * @return the verdict
     * @throws IllegalArgumentException as {@link #compute(VerdictPolicy, PairedRows)} does
     */
    public static Verdict compute(
            VerdictPolicy policy, Hash candidate, Hash baseline, Hash dataset, List<PairedRow> rows) {
        return compute(policy, new PairedRows(candidate, baseline, dataset, rows));
    }

    /**
     * Tells whether rows lead to exactly this verdict.
     *
     * @param rows the rows it claims to rest on
     * @return true when releases, dataset, hash and everything computed from them agree; false also for rows that lead
     *     to no verdict under this policy
     */
    public boolean isReproducedBy(PairedRows rows) {
        try {
            return compute(policy, rows).equals(this);
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

    /** Returns the rows of each metric in the order of their examples, so that sums come out the same. */
    private static Map<String, List<PairedRow>> group(VerdictPolicy policy, PairedRows rows) {
        Map<String, List<PairedRow>> byMetric = new TreeMap<>();
        policy.metrics().keySet().forEach(metric -> byMetric.put(metric, new ArrayList<>()));
        Map<String, Set<String>> examples = new HashMap<>();
        Map<String, String> clusters = new HashMap<>();
        rows.stream().sorted(PairedRows.ORDER).forEach(row -> {
            add(policy, examples, row.metric(), row.exampleId());
            requireRate(policy, row);
            requireCluster(policy, clusters, row);
            Objects.requireNonNull(byMetric.get(row.metric())).add(row);
        });
        rows.missing().forEach(pair -> add(policy, examples, pair.metric(), pair.exampleId()));
        Set<String> all = examples.values().stream().flatMap(Set::stream).collect(Collectors.toSet());
        byMetric.forEach((metric, group) -> {
            Set<String> own = examples.getOrDefault(metric, Set.of());
            if (group.isEmpty() || own.size() != all.size()) {
                throw new IllegalArgumentException("metric '" + metric + "' has rows of " + group.size() + " of "
                        + all.size() + " examples" + without(all, group)
                        + "; score every example under every metric, or record its pair as missing, and at least one");
            }
        });
        return byMetric;
    }

    private static String without(Set<String> all, List<PairedRow> group) {
        TreeSet<String> left = new TreeSet<>(all);
        group.forEach(row -> left.remove(row.exampleId()));
        return left.isEmpty()
                ? ""
                : left.stream()
                        .limit(NAMED_IDS)
                        .collect(Collectors.joining("', '", ", not of '", left.size() > NAMED_IDS ? "' …" : "'"));
    }

    private static void add(VerdictPolicy policy, Map<String, Set<String>> examples, String metric, String exampleId) {
        if (!policy.metrics().containsKey(metric)) {
            throw new IllegalArgumentException("the rows hold the metric '" + metric
                    + "' that the policy does not name; declare it before looking at the rows");
        }
        if (!examples.computeIfAbsent(metric, key -> new HashSet<>()).add(exampleId)) {
            throw new IllegalArgumentException(
                    "example '" + exampleId + "' stands twice under metric '" + metric + "'; aggregate repeats before");
        }
    }

    private static void requireRate(VerdictPolicy policy, PairedRow row) {
        boolean inside = row.baseline() >= 0 && row.baseline() <= 1 && row.candidate() >= 0 && row.candidate() <= 1;
        if (policy.rule(row.metric()).scale() == MetricRule.Scale.RATE && !inside) {
            throw new IllegalArgumentException("example '" + row.exampleId() + "' scores " + row.baseline() + " and "
                    + row.candidate() + " under metric '" + row.metric()
                    + "', which the policy declares as a rate of success in [0, 1]; declare it with its direction,"
                    + " score(name, direction, smallestDifference), since nobody can guess which way is better");
        }
    }

    private static void requireCluster(VerdictPolicy policy, Map<String, String> clusters, PairedRow row) {
        if (policy.clusterBy().isPresent() != row.cluster().isPresent()) {
            throw new IllegalArgumentException("the row of example '" + row.exampleId() + "' under metric '"
                    + row.metric() + "' " + (row.cluster().isPresent() ? "names a" : "names no")
                    + " cluster and the policy "
                    + policy.clusterBy()
                            .map(label -> "declares clusters by '" + label + "'")
                            .orElse("declares none")
                    + "; declare what the rows share before looking at them");
        }
        row.cluster().ifPresent(cluster -> {
            String other = clusters.putIfAbsent(row.exampleId(), cluster);
            if (other != null && !other.equals(cluster)) {
                throw new IllegalArgumentException("example '" + row.exampleId() + "' belongs to the clusters '" + other
                        + "' and '" + cluster + "'; give an example one cluster under all metrics");
            }
        });
    }

    private static Map<String, Double> holm(
            VerdictPolicy policy, Map<String, Comparison> comparisons, MetricRule.Role role) {
        record Raw(String metric, double pValue) {}
        List<Raw> ascending = comparisons.entrySet().stream()
                .filter(entry -> policy.rule(entry.getKey()).role() == role)
                .map(entry -> new Raw(entry.getKey(), entry.getValue().pValue()))
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

    private static MetricVerdict judge(
            VerdictPolicy policy,
            String metric,
            List<PairedRow> rows,
            int missing,
            Comparison comparison,
            double adjustedPValue) {
        MetricRule rule = policy.rule(metric);
        int pairs = rows.size();
        double missingShare = missing / (double) (pairs + missing);
        boolean complete = missingShare <= MOST_MISSING;
        Conclusion conclusion =
                complete ? conclusion(rule, comparison, adjustedPValue, policy.alpha()) : Conclusion.UNDECIDED;
        List<AssumptionCheck> checks = new ArrayList<>();
        checks.add(new AssumptionCheck(Assumption.NONE_MISSING, missing == 0, missingShare));
        checks.addAll(comparison.assumptions());
        long needed = comparison.pairsNeeded() - pairs;
        return new MetricVerdict(
                metric,
                conclusion,
                complete && comparison.holds(),
                pairs,
                missing,
                comparison.units(),
                rows.stream().mapToInt(PairedRow::repeats).min().orElse(1),
                mean(rows.stream().mapToDouble(PairedRow::baseline).toArray()),
                mean(rows.stream().mapToDouble(PairedRow::candidate).toArray()),
                comparison.gained(),
                comparison.lost(),
                comparison.effect(),
                comparison.interval(),
                comparison.test(),
                checks,
                comparison.pValue(),
                adjustedPValue,
                conclusion == Conclusion.UNDECIDED ? (int) Math.max(1, Math.min(Integer.MAX_VALUE, needed)) : 0);
    }

    private static Conclusion conclusion(MetricRule rule, Comparison comparison, double adjustedPValue, double alpha) {
        if (comparison.isEquivalent() && rule.role() == MetricRule.Role.GUARDRAIL) {
            return Conclusion.EQUIVALENT;
        }
        if (adjustedPValue <= alpha) {
            return rule.direction().better(comparison.effect()) > 0 ? Conclusion.IMPROVED : Conclusion.REGRESSED;
        }
        return comparison.isEquivalent() ? Conclusion.EQUIVALENT : Conclusion.UNDECIDED;
    }

    /** Adds in the order of the rows; the platform's own sums promise no order. */
    private static double mean(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum / values.length;
    }

    private static Conclusion overall(VerdictPolicy policy, List<MetricVerdict> metrics) {
        if (metrics.stream().anyMatch(metric -> metric.conclusion() == Conclusion.REGRESSED)) {
            return Conclusion.REGRESSED;
        }
        Set<Conclusion> primary = new HashSet<>();
        boolean guarded = true;
        for (MetricVerdict metric : metrics) {
            if (policy.rule(metric.metric()).role() == MetricRule.Role.PRIMARY) {
                primary.add(metric.conclusion());
            } else {
                guarded &= metric.holds();
            }
        }
        if (guarded && primary.contains(Conclusion.IMPROVED)) {
            return Conclusion.IMPROVED;
        }
        return guarded && primary.equals(Set.of(Conclusion.EQUIVALENT)) ? Conclusion.EQUIVALENT : Conclusion.UNDECIDED;
    }
}
