package dev.llmlifecycle.api.experiment;

import java.util.Map;
import java.util.Objects;

/**
 * What the rows say of an assumption.
 *
 * <p>Immutable.
 *
 * @param assumption what was looked at
 * @param holds whether it holds
 * @param value what was found, finite; {@link Assumption} says what it is
 * @since 0.1
 */
public record AssumptionCheck(Assumption assumption, boolean holds, double value) {

    /** Checks that there is an assumption. */
    public AssumptionCheck {
        Objects.requireNonNull(assumption, "assumption");
    }

    Map<String, Object> toCanonical() {
        return Map.of("assumption", assumption, "holds", holds, "value", value);
    }
}
