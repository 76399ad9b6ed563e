package dev.llmlifecycle.retrieval.vector;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import dev.llmlifecycle.api.LifecycleException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs one piece of work at a time, again when it was asked for meanwhile. */
final class Background {

    private static final Logger log = LoggerFactory.getLogger(Background.class);

    private final Executor executor;
    private final Runnable work;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition idle = lock.newCondition();
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
            running = true;
        } finally {
            lock.unlock();
        }
        try {
            executor.execute(this::run);
        } catch (RejectedExecutionException e) {
            ended(new LifecycleException(
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
        lock.lock();
        try {
            while (running) {
                idle.await();
            }
            RuntimeException thrown = failure;
            failure = null;
            if (thrown != null) {
                throw new LifecycleException(
                        "Maintaining a vector index failed; nothing is lost, its latest entries are compared one by one",
                        thrown);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LifecycleException(
                    "Waiting for the maintenance of a vector index was interrupted; wait again", e);
        } finally {
            lock.unlock();
        }
    }

    /** Lets no work begin, and waits until what runs has ended. */
    void close() {
        lock.lock();
        try {
            closed = true;
            while (running) {
                idle.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        while (begin()) {
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
        }
    }

    private boolean begin() {
        lock.lock();
        try {
            if (requested && !closed) {
                requested = false;
                return true;
            }
            running = false;
            idle.signalAll();
            return false;
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
            idle.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
