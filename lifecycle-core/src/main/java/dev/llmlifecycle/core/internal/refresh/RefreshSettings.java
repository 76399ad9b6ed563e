package dev.llmlifecycle.core.internal.refresh;

import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;

/**
 * How often and for how long something is refreshed; builders of decorators collect it.
 *
 * <p>Not thread-safe.
 *
 * @since 0.1
 */
public final class RefreshSettings {

    Duration every = Duration.ofSeconds(5);
    Duration timeout = Duration.ofSeconds(10);
    Duration maxAge = Duration.ofMinutes(1);
    Optional<Duration> failWhenOlderThan = Optional.empty();
    Optional<ScheduledExecutorService> executor = Optional.empty();
    Clock clock = Clock.systemUTC();
    LongSupplier nanoTime = System::nanoTime;

    /** Creates settings with their defaults: every 5 s, a timeout of 10 s, a maximum age of 1 min. */
    public RefreshSettings() {}

    /**
     * Sets the pause between two refreshes.
     *
     * @param pause more than zero
     */
    public void every(Duration pause) {
        every = positive("pause between refreshes", pause);
    }

    /**
     * Sets how long a refresh may take before it is interrupted.
     *
     * @param limit more than zero
     */
    public void timeout(Duration limit) {
        timeout = positive("timeout of a refresh", limit);
    }

    /**
     * Sets from which age the state is called stale.
     *
     * @param age more than zero
     */
    public void maxAge(Duration age) {
        maxAge = positive("maximum age", age);
    }

    /**
     * Sets from which age reading fails.
     *
     * @param age more than zero
     */
    public void failWhenOlderThan(Duration age) {
        failWhenOlderThan = Optional.of(positive("age to fail at", age));
    }

    /**
     * Sets the executor.
     *
     * @param own at least two threads of the caller's
     */
    public void executor(ScheduledExecutorService own) {
        executor = Optional.of(own);
    }

    /**
     * Sets the clock.
     *
     * @param own tells the time of states
     */
    public void clock(Clock own) {
        clock = Objects.requireNonNull(own, "clock");
    }

    /**
     * Sets the source of ages.
     *
     * @param own returns nanoseconds from any origin
     */
    public void nanoTime(LongSupplier own) {
        nanoTime = Objects.requireNonNull(own, "nanoTime");
    }

    private static Duration positive(String what, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(
                    "the " + what + " must be more than zero but was " + value + "; choose one, such as PT5S");
        }
        return value;
    }
}
