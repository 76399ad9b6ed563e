package dev.llmlifecycle.core.internal.refresh;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import org.jspecify.annotations.NullMarked;

/** An executor whose clock and whose work go on by hand: time passes, and each repeated task is run once. */
@NullMarked
public final class ManualScheduler extends AbstractExecutorService implements ScheduledExecutorService, LongSupplier {

    private final List<Runnable> repeated = new ArrayList<>();
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private long nanos;
    private boolean ended;

    /** Lets time pass, runs the repeated tasks once and leaves what they started waiting. */
    public void passed(Duration time) {
        nanos += time.toNanos();
        List.copyOf(repeated).forEach(Runnable::run);
    }

    /** Lets time pass, and does all that is to be done then. */
    public void passedAndDone(Duration time) {
        passed(time);
        while (!waiting.isEmpty()) {
            next().run();
        }
    }

    /** Takes the work that waits longest. */
    public Runnable next() {
        return waiting.remove();
    }

    /** Returns how much work waits. */
    public int waiting() {
        return waiting.size();
    }

    @Override
    public long getAsLong() {
        return nanos;
    }

    @Override
    public void execute(Runnable command) {
        waiting.add(command);
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable command, long initialDelay, long delay, TimeUnit unit) {
        repeated.add(command);
        // A future to cancel; nothing ever runs on it.
        ScheduledThreadPoolExecutor never = new ScheduledThreadPoolExecutor(0);
        ScheduledFuture<?> future = never.schedule(() -> {}, 1, TimeUnit.DAYS);
        never.shutdownNow();
        return future;
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public <V> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable command, long initialDelay, long period, TimeUnit unit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void shutdown() {
        ended = true;
    }

    @Override
    public List<Runnable> shutdownNow() {
        ended = true;
        return List.copyOf(waiting);
    }

    @Override
    public boolean isShutdown() {
        return ended;
    }

    @Override
    public boolean isTerminated() {
        return ended;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return ended;
    }
}
