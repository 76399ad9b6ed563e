package dev.llmlifecycle.core.resilience;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;

/** Calls a model on another thread, so that waiting for it ends in time whatever the model does. */
final class BlockingAttempt<M, T> implements Chain.Attempt<M, T> {

    private final ResiliencePolicy policy;
    private final ModelCall<M, T> call;

    BlockingAttempt(ResiliencePolicy policy, ModelCall<M, T> call) {
        this.policy = policy;
        this.call = call;
    }

    /** Calls a model that is given up after a time. */
    interface ModelCall<M, T> {
        T on(Link<M> link, Duration allowed);
    }

    @Override
    public Result<T> run(Link<M> link, long nanosLeft) throws InterruptedException {
        long nanos = Math.min(nanosLeft, policy.timeout().toNanos());
        FutureTask<T> task = new FutureTask<>(() -> call.on(link, Duration.ofNanos(nanos)));
        try {
            policy.executor().execute(task);
        } catch (RejectedExecutionException e) {
            return Result.failed(e);
        }
        try {
            if (!policy.time().await(task, nanos) && task.cancel(true)) {
                return Result.timedOut(
                        "no answer within " + Duration.ofNanos(nanos).toMillis() + " ms", false);
            }
            return new Result.Answered<>(task.get());
        } catch (InterruptedException e) {
            task.cancel(true);
            throw e;
        } catch (ExecutionException e) {
            Throwable thrown = Objects.requireNonNull(e.getCause(), "what the model threw");
            if (thrown instanceof Error error) {
                throw error;
            }
            return Result.failed(thrown);
        }
    }
}
