package dev.llmlifecycle.core.monitoring;

import java.time.Instant;
import java.util.Objects;

/** A span of time: its start belongs to it, its end does not. */
record TimeSpan(Instant from, Instant until) {

    TimeSpan {
        Objects.requireNonNull(from, "from");
        if (Objects.requireNonNull(until, "until").isBefore(from)) {
            throw new IllegalArgumentException("reading interactions from " + from + " until " + until
                    + " failed: the end is before the start; exchange them");
        }
    }

    boolean contains(Instant time) {
        return !time.isBefore(from) && time.isBefore(until);
    }
}
