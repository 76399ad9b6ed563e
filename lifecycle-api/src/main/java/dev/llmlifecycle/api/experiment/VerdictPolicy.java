package dev.llmlifecycle.api.experiment;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

import dev.llmlifecycle.api.identity.Hash;
import org.jspecify.annotations.Nullable;

/**
 * The rule, declared before the rows are seen, by which a verdict is reached.
 *
 * <p>Immutable. For each primary metric: IMPROVED or REGRESSED when its paired test rejects "no difference" at
 * {@code alpha}, Holm-adjusted over the primary metrics; EQUIVALENT when the interval of the difference at level
 * {@code 1 - 2 alpha} lies inside the margin (two one-sided tests); UNDECIDED otherwise, and where more than one pair
 * in twenty is missing. A guardrail is EQUIVALENT first, and else judged the same way, with an adjustment over the
 * guardrails; it holds when the worse end of the interval at level {@code 1 - 2 alpha} is inside the margin. Each
 * guardrail must hold, so these need no adjustment (R. L. Berger, "Multiparameter Hypothesis Testing and Acceptance
 * Sampling", Technometrics 24, 1982).
 *
 * <p>Overall: REGRESSED when any metric regressed; else UNDECIDED unless every guardrail holds; else IMPROVED when any
 * primary metric improved, EQUIVALENT when all are, UNDECIDED otherwise. Which test a metric gets is in
 * {@link PairedTest}.
 *
 * <pre>{@code
 * VerdictPolicy policy = VerdictPolicy.builder()
 *         .metric("correct", 0.05)
 *         .guardrail("latency-ms", Direction.LOWER_IS_BETTER, 200)
 *         .build();
 * }</pre>
 *
 * @param alpha the accepted rate of false alarms in (0, 0.5), over all primary metrics
 * @param metrics what is declared of each metric, in the order of the names; at least one is primary
 * @param clusterBy the label of the examples that share a conversation, document or user, where rows are not
 *     independent
 * @since 0.1
 */
public record VerdictPolicy(double alpha, Map<String, MetricRule> metrics, Optional<String> clusterBy) {

    /** Checks the ranges. */
    public VerdictPolicy {
        if (!(alpha > 0 && alpha < 0.5)) {
            throw new IllegalArgumentException("alpha must be in (0, 0.5) but was " + alpha + "; use 0.05 if unsure");
        }
        Objects.requireNonNull(clusterBy, "clusterBy");
        metrics = Collections.unmodifiableMap(new TreeMap<>(Map.copyOf(metrics)));
        if (metrics.values().stream().noneMatch(rule -> rule.role() == MetricRule.Role.PRIMARY)) {
            throw new IllegalArgumentException("a verdict policy needs a metric that may improve, and not guardrails"
                    + " alone; add metric(name, smallestDifference)");
        }
    }

    /**
     * Starts a policy.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Returns the smallest difference that matters for each metric.
     *
     * @return in the metric's unit, in the order of the names
     */
    public Map<String, Double> margins() {
        Map<String, Double> margins = new TreeMap<>();
        metrics.forEach((name, rule) -> margins.put(name, rule.margin()));
        return Collections.unmodifiableMap(margins);
    }

    /**
     * Returns the hash over this policy.
     *
     * @return equal on every JVM for equal content
     */
    public Hash hash() {
        return Hash.ofCanonicalJson(toCanonical());
    }

    /**
     * Returns this policy as a canonical value.
     *
     * @return a map for {@link dev.llmlifecycle.api.identity.CanonicalJson}
     */
    public Map<String, Object> toCanonical() {
        Map<String, Object> rules = new TreeMap<>();
        metrics.forEach((name, rule) -> rules.put(name, rule.toCanonical()));
        Map<String, Object> canonical = new TreeMap<>();
        canonical.put("type", "verdict-policy");
        canonical.put("alpha", alpha);
        canonical.put("metrics", rules);
        clusterBy.ifPresent(label -> canonical.put("clusterBy", label));
        return canonical;
    }

    /** Returns the rule of a metric that this policy is known to name. */
    MetricRule rule(String metric) {
        return Objects.requireNonNull(metrics.get(metric), metric);
    }

    /** Builds a {@link VerdictPolicy}. Not thread-safe. */
    public static final class Builder {

        private final Map<String, MetricRule> metrics = new LinkedHashMap<>();
        private double alpha = 0.05;
        private @Nullable String clusterBy;

        private Builder() {}

        /**
         * Sets the accepted rate of false alarms. Default: 0.05.
         *
         * @param alpha in (0, 0.5)
         * @return this builder
         */
        public Builder alpha(double alpha) {
            this.alpha = alpha;
            return this;
        }

        /**
         * Adds a primary metric that says whether an answer passes; higher is better. At least one primary metric is
         * needed.
         *
         * @param name the metric's name
         * @param smallestDifference the smallest difference of success rates that matters, in (0, 1]
         * @return this builder
         * @throws IllegalArgumentException when the metric was added before or the difference is out of its range
         */
        public Builder metric(String name, double smallestDifference) {
            return add(
                    name,
                    MetricRule.Scale.RATE,
                    Direction.HIGHER_IS_BETTER,
                    smallestDifference,
                    MetricRule.Role.PRIMARY);
        }

        /**
         * Adds a primary metric whose values are numbers, such as token F1 or milliseconds.
         *
         * @param name the metric's name
         * @param direction which way is better
         * @param smallestDifference the smallest difference of means that matters, in the metric's unit
         * @return this builder
         * @throws IllegalArgumentException when the metric was added before or the difference is not positive
         */
        public Builder score(String name, Direction direction, double smallestDifference) {
            return add(name, MetricRule.Scale.SCORE, direction, smallestDifference, MetricRule.Role.PRIMARY);
        }

        /**
         * Adds a metric of success that the change must not harm.
         *
         * @param name the metric's name
         * @param smallestLoss the smallest loss of success rate that matters, in (0, 1]
         * @return this builder
         * @throws IllegalArgumentException when the metric was added before or the loss is out of its range
         */
        public Builder guardrail(String name, double smallestLoss) {
            return add(
                    name, MetricRule.Scale.RATE, Direction.HIGHER_IS_BETTER, smallestLoss, MetricRule.Role.GUARDRAIL);
        }

        /**
         * Adds a metric of numbers that the change must not harm, such as latency or cost.
         *
         * @param name the metric's name
         * @param direction which way is better
         * @param smallestLoss the smallest loss that matters, in the metric's unit
         * @return this builder
         * @throws IllegalArgumentException when the metric was added before or the loss is not positive
         */
        public Builder guardrail(String name, Direction direction, double smallestLoss) {
            return add(name, MetricRule.Scale.SCORE, direction, smallestLoss, MetricRule.Role.GUARDRAIL);
        }

        /**
         * Names the label whose value examples share when they are not independent: a conversation, a document, a user.
         * Default: none, each example stands for itself.
         *
         * @param label the label's name, which every example then needs
         * @return this builder
         */
        public Builder clusterBy(String label) {
            this.clusterBy = Objects.requireNonNull(label, "label");
            return this;
        }

        private Builder add(
                String name, MetricRule.Scale scale, Direction direction, double margin, MetricRule.Role role) {
            if (Objects.requireNonNull(name, "name").isBlank()) {
                throw new IllegalArgumentException(
                        "the name of a metric in a verdict policy is blank; name it as the metric is named");
            }
            MetricRule rule;
            try {
                rule = new MetricRule(scale, direction, margin, role);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("declaring the metric '" + name + "': " + e.getMessage(), e);
            }
            if (metrics.putIfAbsent(name, rule) != null) {
                throw new IllegalArgumentException("a verdict policy names the metric '" + name + "' twice; keep one");
            }
            return this;
        }

        /**
         * Builds the policy.
         *
         * @return the policy
         * @throws IllegalArgumentException when a value is out of its range or there is no primary metric
         */
        public VerdictPolicy build() {
            return new VerdictPolicy(alpha, metrics, Optional.ofNullable(clusterBy));
        }
    }
}
