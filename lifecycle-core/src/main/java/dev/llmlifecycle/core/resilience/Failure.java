package dev.llmlifecycle.core.resilience;

import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * Why an attempt gave no answer.
 *
 * @param kind how it failed
 * @param reason the kind again, or what opened the circuit that is open
 * @param thrown what was thrown, if anything was
 * @param begun whether a part of the answer was delivered, so that nothing else may be tried
 */
record Failure(FailureKind kind, FailureKind reason, Optional<Throwable> thrown, boolean begun) {

    static Failure of(Throwable thrown, boolean begun) {
        FailureKind kind = FailureKind.of(thrown);
        return new Failure(kind, kind, Optional.of(thrown), begun);
    }

    static Failure openCircuit(FailureKind openedBy) {
        return new Failure(FailureKind.CIRCUIT_OPEN, openedBy, Optional.empty(), false);
    }

    boolean isWorthRetry() {
        return thrown.filter(FailureKind::isWorthRetry).isPresent();
    }

    @Nullable Throwable cause() {
        return thrown.orElse(null);
    }
}
