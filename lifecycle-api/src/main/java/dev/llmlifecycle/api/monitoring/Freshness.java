package dev.llmlifecycle.api.monitoring;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * How old the state is that something answers from memory.
 *
 * <p>Immutable.
 *
 * @param asOf the state is what the store held at this time, or newer
 * @param stale whether it is older than it should become
 * @param problem why the last refresh failed, without secrets; absent when it succeeded
 * @since 0.1
 */
public record Freshness(Instant asOf, boolean stale, Optional<String> problem) {

    /** Checks the parts. */
    public Freshness {
        Objects.requireNonNull(asOf, "asOf");
        Objects.requireNonNull(problem, "problem");
    }
}
