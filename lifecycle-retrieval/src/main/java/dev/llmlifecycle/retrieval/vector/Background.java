package dev.llmlifecycle.retrieval.vector;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

import dev.llmlifecycle.api.LifecycleException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one piece of work at a time, again when it was asked for meanwhile.
 *
 * <p>An executor may drop a task or leave it lying: who waits for the work then does it, and nothing waits for a task
 * that has not begun.
 */
final class Background {

    private static final Logger log = LoggerFactory.getLogger(Background.class);

    private final Executor executor;
    private final Runnable work;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    /** Asked for, and not begun since. */
    private boolean requested;

    private boolean running;
    private boolean closed;
    private @Nullable RuntimeException failure;

    Background(Executor executor, Runnable work) {
        this.executor = executor;
        this.work = work;
    }

    void request() {
        lock.lock();
        try {
            requested = true;
            if (running || closed) {
                return;
            }
        } finally {
            lock.unlock();
        }
        try {
            executor.execute(this::run);
        } catch (RejectedExecutionException e) {
            refused(new LifecycleException(
                    "Maintaining a vector index was refused by its executor; give it one that still runs", e));
        }
    }

    /** Says whether work that runs may go on. */
    boolean wanted() {
        lock.lock();
        try {
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until nothing is left to do, and throws what the work failed of, unless it has succeeded or was asked
     * since.
     */
    void await() {
        do {
            run();
            awaitWhile(() -> true, "Waiting for the maintenance of a vector index was interrupted; wait again");
        } while (isRequested());
        lock.lock();
        try {
            RuntimeException thrown = failure;
            failure = null;
            if (thrown != null) {
                throw new LifecycleException(
                        "Maintaining a vector index failed; nothing is lost, its latest entries are compared one by one",
                        thrown);
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean isRequested() {
        lock.lock();
        try {
            return requested && !closed;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits as long as work runs and something holds; returns at once when none runs, and when this is closed.
     *
     * @param holds asked at first, and again after each {@link #progressed}; with a lock held, so it must not wait
     * @param interrupted the message when the thread is interrupted while it waits
     */
    void awaitWhile(BooleanSupplier holds, String interrupted) {
        awaitWhile(holds, interrupted, Duration.ofNanos(Long.MAX_VALUE));
    }

    /**
     * Does the same, but not longer than this.
     *
     * @param longest zero to look once
     */
    void awaitWhile(BooleanSupplier holds, String interrupted, Duration longest) {
        lock.lock();
        try {
            long left = longest.toNanos();
            while (running && !closed && left > 0 && holds.getAsBoolean()) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LifecycleException(interrupted, e);
        } finally {
            lock.unlock();
        }
    }

    /** Lets those that wait look again. */
    void progressed() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Lets no work begin, and waits until what runs has ended. */
    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
            while (running) {
                changed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        if (!begin()) {
            return;
        }
        do {
            try {
                work.run();
                succeeded();
            } catch (RuntimeException e) {
                log.warn("Maintaining a vector index failed; its latest entries are compared one by one", e);
                ended(e);
                return;
            } catch (Error e) {
                ended(new LifecycleException(
                        "Maintaining a vector index died of " + e + "; give the JVM more memory", e));
                throw e;
            }
        } while (goesOn());
    }

    /** Begins what was asked for, unless another thread has. */
    private boolean begin() {
        lock.lock();
        try {
            if (running || !requested || closed) {
                return false;
            }
            running = true;
            requested = false;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Says whether work was asked for while it ran, or ends. */
    private boolean goesOn() {
        lock.lock();
        try {
            running = requested && !closed;
            requested = false;
            changed.signalAll();
            return running;
        } finally {
            lock.unlock();
        }
    }

    /** What failed before has been made good. */
    private void succeeded() {
        lock.lock();
        try {
            failure = null;
        } finally {
            lock.unlock();
        }
    }

    private void ended(RuntimeException reason) {
        lock.lock();
        try {
            running = false;
            requested = false;
            failure = reason;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void refused(RuntimeException reason) {
        lock.lock();
        try {
            // What runs by now does what was asked for.
            if (!running) {
                requested = false;
                failure = reason;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }
}
