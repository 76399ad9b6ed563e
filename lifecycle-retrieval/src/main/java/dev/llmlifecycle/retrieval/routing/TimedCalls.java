package dev.llmlifecycle.retrieval.routing;

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

import dev.llmlifecycle.api.LifecycleException;
import org.jspecify.annotations.Nullable;

/** Calls foreign code and waits no longer than allowed, where there is an executor to wait beside. */
final class TimedCalls {

    private final @Nullable Executor executor;
    private final Duration timeout;
    private final Clock clock;

    TimedCalls(@Nullable Executor executor, Duration timeout, Clock clock) {
        this.executor = executor;
        this.timeout = timeout;
        this.clock = clock;
    }

    /**
     * Calls.
     *
     * @param what is being done, for messages
     * @throws LifecycleException when it fails, or is not there in time
     */
    <T> T call(String what, Optional<Instant> deadline, Callable<T> work) {
        Duration left = deadline.map(end -> Duration.between(clock.instant(), end))
                .filter(time -> time.compareTo(timeout) < 0)
                .orElse(timeout);
        if (left.isNegative() || left.isZero()) {
            throw new LifecycleException(what + " was not begun, since the deadline has passed; allow more time");
        }
        FutureTask<T> task = new FutureTask<>(work);
        try {
            if (executor == null) {
                task.run();
            } else {
                executor.execute(task);
            }
            return task.get(left.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new LifecycleException(
                    what + " was not done within " + left.toMillis() + " ms; check the model or allow more time", e);
        } catch (ExecutionException e) {
            Throwable cause = Objects.requireNonNull(e.getCause());
            if (cause instanceof Error error) {
                throw error;
            }
            throw new LifecycleException(
                    what + " failed with " + cause.getClass().getName() + "; check the model behind it", cause);
        } catch (RejectedExecutionException e) {
            throw new LifecycleException(what + " was refused by the executor; give it more room or fewer callers", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LifecycleException(what + " was interrupted; ask again", e);
        } finally {
            task.cancel(true);
        }
    }
}
