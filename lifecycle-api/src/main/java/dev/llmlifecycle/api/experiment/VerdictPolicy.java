package dev.llmlifecycle.api.experiment;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

import dev.llmlifecycle.api.identity.Hash;

/**
 * The rule, declared before the rows are seen, by which a verdict is reached.
 *
 * <p>Immutable. For each metric: IMPROVED or REGRESSED when the exact paired test rejects "no difference" at
 * {@code alpha}, Holm-adjusted over the metrics; EQUIVALENT when the interval of the difference at level {@code 1 - 2
 * alpha} lies inside the margin (two one-sided tests); UNDECIDED otherwise. Overall: REGRESSED when any metric
 * regressed, else IMPROVED when any improved, else EQUIVALENT when all are, else UNDECIDED.
 *
 * @param alpha the accepted rate of false alarms in (0, 0.5), over all metrics
 * @param margins for each metric the smallest difference of success rates that matters, in (0, 1], in the order of the
 *     names
 * @since 0.1
 */
public record VerdictPolicy(double alpha, Map<String, Double> margins) {

    /** Checks the ranges. */
    public VerdictPolicy {
        if (!(alpha > 0 && alpha < 0.5)) {
            throw new IllegalArgumentException("alpha must be in (0, 0.5) but was " + alpha + "; use 0.05 if unsure");
        }
        if (margins.isEmpty()) {
            throw new IllegalArgumentException("a verdict policy needs a metric; add metric(name, smallestDifference)");
        }
        margins.forEach((metric, margin) -> {
            if (!(margin > 0 && margin <= 1)) {
                throw new IllegalArgumentException("the smallest difference that matters for metric '" + metric
                        + "' must be in (0, 1] but was " + margin + "; 0.05 is five points of success rate");
            }
        });
        margins = Collections.unmodifiableMap(new TreeMap<>(Map.copyOf(margins)));
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
        return Map.of("type", "verdict-policy", "alpha", alpha, "margins", margins);
    }

    /** Builds a {@link VerdictPolicy}. Not thread-safe. */
    public static final class Builder {

        private final Map<String, Double> margins = new LinkedHashMap<>();
        private double alpha = 0.05;

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
         * Adds a metric. At least one is needed.
         *
         * @param name the metric's name
         * @param smallestDifference the smallest difference of success rates that matters, in (0, 1]
         * @return this builder
         * @throws IllegalArgumentException when the metric was added before
         */
        public Builder metric(String name, double smallestDifference) {
            if (margins.putIfAbsent(Objects.requireNonNull(name, "name"), smallestDifference) != null) {
                throw new IllegalArgumentException("a verdict policy names the metric '" + name + "' twice; keep one");
            }
            return this;
        }

        /**
         * Builds the policy.
         *
         * @return the policy
         * @throws IllegalArgumentException when a value is out of its range or there is no metric
         */
        public VerdictPolicy build() {
            return new VerdictPolicy(alpha, margins);
        }
    }
}
