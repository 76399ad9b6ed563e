package dev.llmlifecycle.core.resilience;

import java.time.Duration;
import java.util.Objects;

/**
 * One attempt that failed.
 *
 * <p>Immutable.
 *
 * @param model the name of the model that was tried
 * @param kind how it failed
 * @param took how long that took
 * @since 0.1
 */
public record FailedAttempt(String model, FailureKind kind, Duration took) {

    /** Checks for null. */
    public FailedAttempt {
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(took, "took");
    }
}
