package dev.llmlifecycle.retrieval.vector.internal;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;

import org.jspecify.annotations.Nullable;

/**
 * The calling thread and helpers that an executor perhaps lends.
 *
 * <p>The caller works too and waits only for helpers that have begun, so that an executor of one thread, or one that is
 * full, slows the work down and does not stop it.
 */
public final class Workers {

    private final Executor executor;
    private final int count;

    /**
     * Names the workers.
     *
     * @param executor lends helpers
     * @param count how many work at once, the caller among them
     */
    public Workers(Executor executor, int count) {
        this.executor = executor;
        this.count = count;
    }

    /**
     * Does the work for each number from 0 to below the size, in no fixed order.
     *
     * @return whether all was done; false when it was no longer wanted, or a helper died of an error
     */
    public boolean forEach(int size, BooleanSupplier wanted, IntConsumer work) {
        Job job = new Job(size, wanted, work);
        for (int i = 1; i < count; i++) {
            try {
                executor.execute(job::help);
            } catch (RejectedExecutionException e) {
                // Fewer helpers, then.
                break;
            }
        }
        job.work();
        job.awaitHelpers();
        RuntimeException failure = job.failure.get();
        if (failure != null) {
            throw failure;
        }
        return job.done.get() == size;
    }

    private static final class Job {

        private static final int CLOSED = Integer.MIN_VALUE / 2;

        private final int size;
        private final BooleanSupplier wanted;
        private final IntConsumer work;
        private final AtomicInteger next = new AtomicInteger();
        private final AtomicInteger done = new AtomicInteger();
        /** Helpers at work; negative when no more may begin. */
        private final AtomicInteger helpers = new AtomicInteger();

        private final CountDownLatch ended = new CountDownLatch(1);
        private final AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();

        Job(int size, BooleanSupplier wanted, IntConsumer work) {
            this.size = size;
            this.wanted = wanted;
            this.work = work;
        }

        void help() {
            try {
                if (helpers.incrementAndGet() > 0) {
                    work();
                }
            } finally {
                if (helpers.decrementAndGet() == CLOSED) {
                    ended.countDown();
                }
            }
        }

        void work() {
            try {
                int own = 0;
                int item;
                while (failure.get() == null && wanted.getAsBoolean() && (item = next.getAndIncrement()) < size) {
                    work.accept(item);
                    own++;
                }
                done.addAndGet(own);
            } catch (RuntimeException e) {
                failure.compareAndSet(null, e);
            }
        }

        void awaitHelpers() {
            helpers.addAndGet(CLOSED);
            if (helpers.get() == CLOSED) {
                return;
            }
            boolean interrupted = false;
            while (true) {
                try {
                    ended.await();
                    break;
                } catch (InterruptedException e) {
                    // The helpers read what is about to be changed: they have to end first.
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
