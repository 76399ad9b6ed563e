package dev.llmlifecycle.retrieval.vector.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

import dev.llmlifecycle.api.LifecycleException;
import org.jspecify.annotations.Nullable;

/**
 * Lets threads that write at once share one write: while one thread writes, the others queue, and the first of them
 * then writes for all.
 *
 * <p>Thread-safe. Groups are written one after the other, in the order in which threads came.
 *
 * @param <T> what is written
 * @since 0.1
 */
public final class GroupCommit<T> {

    private final Consumer<List<T>> writer;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition written = lock.newCondition();
    private List<Waiting<T>> queue = new ArrayList<>();
    private boolean writing;

    /**
     * Creates one.
     *
     * @param writer writes a group, all or none; called by one thread at a time
     */
    public GroupCommit(Consumer<List<T>> writer) {
        this.writer = writer;
    }

    /** One thread's part of a group. */
    private static final class Waiting<T> {

        private final T item;
        private boolean done;
        private @Nullable Throwable failure;

        Waiting(T item) {
            this.item = item;
        }
    }

    /**
     * Writes, perhaps together with what other threads bring, and returns when it is written.
     *
     * @param item what to write
     * @throws RuntimeException what the writer throws; to a thread whose item another one wrote, as the cause of a
     *     {@link LifecycleException}
     */
    public void write(T item) {
        Waiting<T> own = new Waiting<>(item);
        List<Waiting<T>> group;
        lock.lock();
        try {
            queue.add(own);
            while (writing && !own.done) {
                written.awaitUninterruptibly();
            }
            if (own.done) {
                requireWritten(own);
                return;
            }
            writing = true;
            group = queue;
            queue = new ArrayList<>();
        } finally {
            lock.unlock();
        }
        Throwable failure = null;
        try {
            writer.accept(group.stream().map(waiting -> waiting.item).toList());
        } catch (RuntimeException | Error e) {
            failure = e;
            throw e;
        } finally {
            end(group, failure);
        }
    }

    /** Returns how many threads wait for the next group. */
    int waiting() {
        lock.lock();
        try {
            return queue.size();
        } finally {
            lock.unlock();
        }
    }

    private void end(List<Waiting<T>> group, @Nullable Throwable failure) {
        lock.lock();
        try {
            for (Waiting<T> waiting : group) {
                waiting.done = true;
                waiting.failure = failure;
            }
            writing = false;
            written.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private static void requireWritten(Waiting<?> waiting) {
        Throwable failure = waiting.failure;
        if (failure != null) {
            throw new LifecycleException(String.valueOf(failure.getMessage()), failure);
        }
    }
}
