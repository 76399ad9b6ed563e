package dev.llmlifecycle.eval.experiment;

import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * How far a running experiment is.
 *
 * <p>Immutable.
 *
 * @param done answers that are there, those of an earlier run included
 * @param total answers that there will be
 * @param failures how many of those that are there are failures
 * @param elapsed since this run began
 * @param perSecond answers a second in this run
 * @param remaining how long the rest takes at that rate, once there is one
 * @param spent what was used so far, earlier runs included
 * @since 0.1
 */
public record ExperimentProgress(
        int done,
        int total,
        int failures,
        Duration elapsed,
        double perSecond,
        Optional<Duration> remaining,
        Spending spent) {

    /** Checks that nothing is missing. */
    public ExperimentProgress {
        Objects.requireNonNull(elapsed, "elapsed");
        Objects.requireNonNull(remaining, "remaining");
        Objects.requireNonNull(spent, "spent");
    }

    static ExperimentProgress of(int done, int restored, int total, int failures, Duration elapsed, Spending spent) {
        double seconds = elapsed.toNanos() / 1e9;
        double rate = seconds > 0 ? (done - restored) / seconds : 0;
        Optional<Duration> remaining =
                rate > 0 ? Optional.of(Duration.ofMillis(Math.round(1000 * (total - done) / rate))) : Optional.empty();
        return new ExperimentProgress(done, total, failures, elapsed, rate, remaining, spent);
    }

    /** Returns one line for people. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%d of %d, %d failed, %.1f a second, %s left, %s",
                done,
                total,
                failures,
                perSecond,
                remaining.map(left -> left.toSeconds() + " s").orElse("unknown time"),
                spent);
    }
}
