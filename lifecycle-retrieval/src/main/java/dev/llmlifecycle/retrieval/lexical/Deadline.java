package dev.llmlifecycle.retrieval.lexical;

import java.time.Clock;
import java.time.Instant;
import java.util.Optional;

import dev.llmlifecycle.api.LifecycleException;

/** When a search is of no use any more. */
record Deadline(Optional<Instant> end, Clock clock) {

    boolean passed() {
        return end.isPresent() && !clock.instant().isBefore(end.get());
    }

    void require() {
        if (passed()) {
            throw exceeded();
        }
    }

    LifecycleException exceeded() {
        return new LifecycleException("Searching words ran out of time: the deadline was "
                + end.map(Instant::toString).orElse("none") + "; allow more time or ask for less");
    }
}
