package dev.llmlifecycle.retrieval.hybrid;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

import dev.llmlifecycle.api.LifecycleException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A call of foreign code that is waited for no longer than it may take.
 *
 * <p>For the thread that started it.
 */
final class TimedCall<T> {

    private static final Logger log = LoggerFactory.getLogger(TimedCall.class);

    private final String what;
    private final FutureTask<T> task;

    private TimedCall(String what, Callable<T> call) {
        this.what = what;
        this.task = new FutureTask<>(call);
    }

    /** Hands a call to an executor. What the executor refuses is cancelled. */
    static <T> TimedCall<T> start(String what, Executor executor, Callable<T> call) {
        TimedCall<T> timed = new TimedCall<>(what, call);
        try {
            executor.execute(timed.task);
        } catch (RejectedExecutionException e) {
            log.debug("The executor refused {}", what, e);
            timed.task.cancel(false);
        }
        return timed;
    }

    /** Returns how long something may take that has a timeout and belongs to a request with a deadline. */
    static Duration limit(Duration timeout, Optional<Instant> deadline, Clock clock) {
        Duration left = deadline.map(end -> Duration.between(clock.instant(), end))
                .map(time -> time.isNegative() ? Duration.ZERO : time)
                .orElse(timeout);
        return left.compareTo(timeout) < 0 ? left : timeout;
    }

    /**
     * Waits, and cancels what is late.
     *
     * @param nanos how long it is waited for
     * @param dropped hears why there is no result
     */
    Optional<T> await(long nanos, Consumer<String> dropped) {
        try {
            if (task.isCancelled()) {
                dropped.accept("the executor refused it");
                return Optional.empty();
            }
            return Optional.of(task.get(Math.max(0, nanos), TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
            dropped.accept("it was not there in time");
        } catch (ExecutionException e) {
            Throwable cause = Objects.requireNonNull(e.getCause());
            if (cause instanceof Error error) {
                throw error;
            }
            log.debug("Running {} failed", what, e);
            // Messages of this library hold no text of the question; those of others may.
            dropped.accept(
                    cause instanceof LifecycleException
                            ? "it failed: " + cause.getMessage()
                            : "it failed with " + cause.getClass().getName());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LifecycleException("Waiting for " + what + " was interrupted; retrieve again", e);
        } finally {
            task.cancel(true);
        }
        return Optional.empty();
    }

    void cancel() {
        task.cancel(true);
    }

    static Duration requireTimeout(Duration timeout, String what) {
        if (timeout.compareTo(Duration.ofMillis(1)) < 0 || timeout.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException(
                    what + " has the timeout " + timeout + "; give one from 1 millisecond to 1 day");
        }
        return timeout;
    }
}
