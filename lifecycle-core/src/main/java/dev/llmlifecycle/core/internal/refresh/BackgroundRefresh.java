package dev.llmlifecycle.core.internal.refresh;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;

import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.monitoring.Freshness;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A state in memory that is read again in the background; reading it never waits.
 *
 * <p>At most one refresh of the background runs. One that takes too long is interrupted, and none is started until it
 * has ended: a store that hangs costs one thread. The last state that was read is kept whatever happens.
 *
 * <p>Thread-safe. The lock guards fields of this class only, and no reader takes it.
 *
 * @param <S> the state, immutable
 * @since 0.1
 */
public final class BackgroundRefresh<S> implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(BackgroundRefresh.class);

    private final String what;
    private final Loader<S> loader;
    private final RefreshSettings settings;
    private final long maxAgeNanos;
    private final long failNanos;
    private final ScheduledExecutorService executor;
    private final Future<?> ticks;

    private final ReentrantLock lock = new ReentrantLock();
    private final TreeSet<Long> running = new TreeSet<>();
    private final List<Write<S>> writes = new ArrayList<>();
    private long sequence;
    private long newest;
    private boolean toldStale;
    private @Nullable Attempt attempt;

    private volatile State<S> current;

    /**
     * Reads the first state on this thread, and starts to refresh it.
     *
     * @param what the name of the state in messages, such as {@code the prompts}
     * @param loader reads the state
     * @param empty what the first reading starts from
     * @param settings when
     */
    public BackgroundRefresh(String what, Loader<S> loader, S empty, RefreshSettings settings) {
        this.what = what;
        this.loader = loader;
        this.settings = settings;
        this.maxAgeNanos = settings.maxAge.toNanos();
        this.failNanos = settings.failWhenOlderThan.map(Duration::toNanos).orElse(Long.MAX_VALUE);
        long started = settings.nanoTime.getAsLong();
        Instant at = settings.clock.instant();
        Loaded<S> first = loader.load(empty);
        this.current = new State<>(first.value(), at, started, first.problem());
        this.executor = settings.executor.orElseGet(BackgroundRefresh::ownExecutor);
        long pause = settings.every.toNanos();
        this.ticks = executor.scheduleWithFixedDelay(this::tick, pause, pause, TimeUnit.NANOSECONDS);
    }

    /**
     * Returns the state, without waiting.
     *
     * @return what was read last, with the writes since
     * @throws LifecycleException when it is older than allowed
     */
    public S get() {
        State<S> state = current;
        if (failNanos != Long.MAX_VALUE && age(state) > failNanos) {
            throw new LifecycleException("Reading " + what + " from memory failed: they are as of " + state.asOf()
                    + ", which is older than " + settings.failWhenOlderThan.orElseThrow()
                    + "; look at the store that they are refreshed from");
        }
        return state.value();
    }

    /**
     * Returns how old the state is.
     *
     * @return the freshness now
     */
    public Freshness freshness() {
        State<S> state = current;
        return new Freshness(state.asOf(), isStale(state), state.problem());
    }

    /**
     * Changes the state by what was just written to the store, so that who wrote it reads it.
     *
     * @param change makes the next state; done again on states whose reading had begun before
     */
    public void wrote(UnaryOperator<S> change) {
        lock.lock();
        try {
            if (!running.isEmpty()) {
                writes.add(new Write<>(sequence++, change));
            }
            State<S> now = current;
            current = new State<>(change.apply(now.value()), now.asOf(), now.nanos(), now.problem());
        } finally {
            lock.unlock();
        }
    }

    /**
     * Reads the state on this thread.
     *
     * @throws LifecycleException when the store fails; the last state is kept
     */
    public void refresh() {
        long number = begin();
        try {
            long started = settings.nanoTime.getAsLong();
            Instant at = settings.clock.instant();
            install(number, loader.load(current.value()), at, started);
        } catch (RuntimeException e) {
            failed(
                    e instanceof LifecycleException
                            ? String.valueOf(e.getMessage())
                            : e.getClass().getSimpleName());
            throw e;
        } finally {
            end(number);
        }
    }

    /** Reads the state in the background as soon as possible. */
    public void refreshSoon() {
        try {
            executor.execute(this::tick);
        } catch (RejectedExecutionException e) {
            log.debug("{} are refreshed no more", what, e);
        }
    }

    @Override
    public void close() {
        ticks.cancel(false);
        if (settings.executor.isEmpty()) {
            executor.shutdownNow();
        }
    }

    /** Starts a refresh unless one runs, looks after the one that runs, and says when the state becomes stale. */
    private void tick() {
        Attempt next = null;
        lock.lock();
        try {
            if (attempt == null) {
                next = new Attempt();
                attempt = next;
            } else if (attempt.thread != null
                    && !attempt.late
                    && settings.nanoTime.getAsLong() - attempt.started > settings.timeout.toNanos()) {
                attempt.late = true;
                attempt.thread.interrupt();
                setProblem("the store did not answer within " + settings.timeout);
            }
        } finally {
            lock.unlock();
        }
        tellWhenStale();
        if (next != null) {
            start(next);
        }
    }

    private void start(Attempt next) {
        try {
            executor.execute(() -> run(next));
        } catch (RejectedExecutionException e) {
            log.debug("{} are refreshed no more", what, e);
            leave(next);
        }
    }

    private void run(Attempt own) {
        lock.lock();
        try {
            own.thread = Thread.currentThread();
            own.started = settings.nanoTime.getAsLong();
        } finally {
            lock.unlock();
        }
        try {
            refresh();
        } catch (RuntimeException e) {
            log.debug("refreshing {} failed", what, e);
        } finally {
            leave(own);
        }
    }

    /** Ends an attempt, and takes an interrupt back that was meant for it alone. */
    private void leave(Attempt own) {
        lock.lock();
        try {
            attempt = null;
            if (own.late && own.thread != null) {
                Thread.interrupted();
            }
        } finally {
            lock.unlock();
        }
    }

    private long begin() {
        lock.lock();
        try {
            long number = sequence++;
            running.add(number);
            return number;
        } finally {
            lock.unlock();
        }
    }

    private void end(long number) {
        lock.lock();
        try {
            running.remove(number);
            writes.removeIf(write -> running.isEmpty() || write.sequence() < running.first());
        } finally {
            lock.unlock();
        }
    }

    private void install(long number, Loaded<S> loaded, Instant at, long started) {
        boolean recovered;
        lock.lock();
        try {
            if (number < newest) {
                return;
            }
            newest = number;
            S value = loaded.value();
            for (Write<S> write : writes) {
                if (write.sequence() > number) {
                    value = write.change().apply(value);
                }
            }
            State<S> before = current;
            // What could not be taken over in full is no newer than before.
            current = loaded.problem().isPresent()
                    ? new State<>(value, before.asOf(), before.nanos(), loaded.problem())
                    : new State<>(value, at, started, Optional.empty());
            recovered = toldStale && !isStale(current);
            if (recovered) {
                toldStale = false;
            }
        } finally {
            lock.unlock();
        }
        if (recovered) {
            log.info("{} are fresh again, as of {}", what, at);
        }
    }

    private void failed(String problem) {
        lock.lock();
        try {
            setProblem(problem);
        } finally {
            lock.unlock();
        }
    }

    private void setProblem(String problem) {
        State<S> now = current;
        current = new State<>(now.value(), now.asOf(), now.nanos(), Optional.of(problem));
    }

    private void tellWhenStale() {
        State<S> state = current;
        boolean tell;
        lock.lock();
        try {
            tell = !toldStale && isStale(state);
            toldStale |= tell;
        } finally {
            lock.unlock();
        }
        if (tell) {
            log.warn(
                    "{} are answered from memory as of {}, which is older than {}: {}; look at the store",
                    what,
                    state.asOf(),
                    settings.maxAge,
                    state.problem().orElse("no refresh has ended since"));
        }
    }

    private boolean isStale(State<S> state) {
        return age(state) > maxAgeNanos;
    }

    private long age(State<S> state) {
        return settings.nanoTime.getAsLong() - state.nanos();
    }

    private static ScheduledExecutorService ownExecutor() {
        return Executors.newScheduledThreadPool(2, task -> {
            Thread thread = new Thread(task, "lifecycle-refresh");
            thread.setDaemon(true);
            return thread;
        });
    }

    private record State<S>(S value, Instant asOf, long nanos, Optional<String> problem) {}

    private record Write<S>(long sequence, UnaryOperator<S> change) {}

    /** A refresh of the background; its fields are guarded by the lock. */
    private static final class Attempt {

        /** Absent while it waits for a thread, which does not count as the store's time. */
        @Nullable Thread thread;

        long started;

        boolean late;
    }

    /**
     * A state that was read.
     *
     * @param value the state
     * @param problem why it is not all that the store holds, absent when it is
     * @param <S> the state
     */
    public record Loaded<S>(S value, Optional<String> problem) {}

    /**
     * Reads a state, and may block.
     *
     * @param <S> the state
     */
    @FunctionalInterface
    public interface Loader<S> {

        /**
         * Reads it.
         *
         * @param before the state that is known
         * @return the state now
         */
        Loaded<S> load(S before);
    }
}
