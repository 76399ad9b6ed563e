package dev.llmlifecycle.api.experiment;

import java.util.Map;
import java.util.Objects;

/**
 * What a policy declares of one metric: what its values are, which way is better, which difference matters, and what
 * the metric decides.
 *
 * <p>Immutable.
 *
 * @param scale what the values are
 * @param direction which way is better
 * @param margin the smallest difference that matters, in the metric's unit; positive, and at most 1 for a rate
 * @param role what the metric decides
 * @since 0.1
 */
public record MetricRule(Scale scale, Direction direction, double margin, Role role) {

    /** Checks the range of the margin. */
    public MetricRule {
        Objects.requireNonNull(scale, "scale");
        Objects.requireNonNull(direction, "direction");
        Objects.requireNonNull(role, "role");
        double most = scale == Scale.RATE ? 1 : Double.MAX_VALUE;
        if (!(margin > 0 && margin <= most)) {
            throw new IllegalArgumentException("the smallest difference that matters must be "
                    + (scale == Scale.RATE ? "in (0, 1]" : "positive and finite") + " but was " + margin
                    + (scale == Scale.RATE
                            ? "; 0.05 is five points of success rate, and what is no rate is declared as a score with"
                                    + " its direction"
                            : "; give it in the metric's unit"));
        }
    }

    /** What the values of a metric are. */
    public enum Scale {
        /** 1 for what passes and 0 for what does not, or a share between. */
        RATE,
        /** Any finite number. */
        SCORE
    }

    /** What a metric decides. */
    public enum Role {
        /** What the change is about: one of these must improve, and none may regress. */
        PRIMARY,
        /** What the change must not harm: it must be shown to lose less than the margin. */
        GUARDRAIL
    }

    Map<String, Object> toCanonical() {
        return Map.of("scale", scale, "direction", direction, "margin", margin, "role", role);
    }
}
