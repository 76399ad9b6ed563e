package dev.llmlifecycle.retrieval.vector.internal;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

@NullMarked
@Timeout(30)
class WorkersTest {

    private static final Executor THREADS = task -> new Thread(task).start();

    @Test
    void doEachPieceOnce() {
        AtomicInteger[] done = new AtomicInteger[1000];
        for (int i = 0; i < done.length; i++) {
            done[i] = new AtomicInteger();
        }

        assertThat(new Workers(THREADS, 4).forEach(done.length, () -> true, i -> done[i].incrementAndGet()))
                .isTrue();

        assertThat(done).allMatch(count -> count.get() == 1);
    }

    @Test
    void workOnMoreThanOneThread() throws InterruptedException {
        CountDownLatch both = new CountDownLatch(2);
        ConcurrentHashMap<Thread, Boolean> threads = new ConcurrentHashMap<>();

        assertThat(new Workers(THREADS, 2).forEach(2, () -> true, i -> {
                    threads.put(Thread.currentThread(), true);
                    both.countDown();
                    awaitUninterrupted(both);
                }))
                .isTrue();

        assertThat(threads).hasSize(2).containsKey(Thread.currentThread());
    }

    @Test
    void needNoHelpers() {
        Executor refuses = task -> {
            throw new RejectedExecutionException("full");
        };
        AtomicInteger done = new AtomicInteger();

        assertThat(new Workers(refuses, 8).forEach(10, () -> true, i -> done.incrementAndGet()))
                .isTrue();

        assertThat(done).hasValue(10);
    }

    @Test
    void doNotWaitForHelpersThatNeverBegin() throws InterruptedException {
        // The executor's one thread is the caller.
        ExecutorService one = Executors.newSingleThreadExecutor();
        try {
            AtomicInteger done = new AtomicInteger();
            Workers workers = new Workers(one, 3);
            CountDownLatch ended = new CountDownLatch(1);
            one.execute(() -> {
                workers.forEach(100, () -> true, i -> done.incrementAndGet());
                ended.countDown();
            });
            ended.await();
            assertThat(done).hasValue(100);
        } finally {
            one.shutdown();
        }
    }

    @Test
    void endEarlyWhenNoLongerWanted() {
        AtomicInteger done = new AtomicInteger();

        assertThat(new Workers(THREADS, 2).forEach(1_000_000, () -> done.get() < 10, i -> done.incrementAndGet()))
                .isFalse();

        assertThat(done.get()).isBetween(10, 12);
    }

    @Test
    void throwWhatTheWorkThrowsAfterAllHelpersEnded() {
        AtomicInteger running = new AtomicInteger();

        assertThatIllegalStateException()
                .isThrownBy(() -> new Workers(THREADS, 3).forEach(1000, () -> true, i -> {
                    running.incrementAndGet();
                    try {
                        if (i == 500) {
                            throw new IllegalStateException("piece 500");
                        }
                    } finally {
                        running.decrementAndGet();
                    }
                }))
                .withMessage("piece 500");

        assertThat(running).hasValue(0);
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
