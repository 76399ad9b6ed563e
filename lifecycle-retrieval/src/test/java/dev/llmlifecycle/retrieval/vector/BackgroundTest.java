package dev.llmlifecycle.retrieval.vector;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import dev.llmlifecycle.api.LifecycleException;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

@NullMarked
@Timeout(30)
class BackgroundTest {

    private final AtomicInteger runs = new AtomicInteger();
    private final AtomicBoolean fails = new AtomicBoolean();

    private void work() {
        runs.incrementAndGet();
        if (fails.get()) {
            throw new IllegalStateException("disk full");
        }
    }

    @Test
    void workThatIsAskedForWhileItRunsRunsOnceMore() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Background background = new Background(task -> new Thread(task).start(), () -> {
            work();
            begun.countDown();
            await(goOn);
        });
        background.request();
        begun.await();
        background.request();
        background.request();
        goOn.countDown();

        background.await();

        assertThat(runs).hasValue(2);
    }

    @Test
    void aFailureIsThrownOnce() {
        Background background = new Background(Runnable::run, this::work);
        fails.set(true);
        background.request();

        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(background::await)
                .withMessage(
                        "Maintaining a vector index failed; nothing is lost, its latest entries are compared one by"
                                + " one")
                .havingRootCause()
                .withMessage("disk full");
        background.await();
    }

    @Test
    void aFailureThatWasMadeGoodIsNotThrown() {
        Background background = new Background(Runnable::run, this::work);
        fails.set(true);
        background.request();
        fails.set(false);
        background.request();

        background.await();

        assertThat(runs).hasValue(2);
    }

    @Test
    void anExecutorThatRefusesIsReported() {
        Background background = new Background(
                task -> {
                    throw new RejectedExecutionException("shut down");
                },
                this::work);
        background.request();

        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(background::await)
                .havingRootCause()
                .withMessage("shut down");
        assertThat(runs).hasValue(0);
    }

    @Test
    void nothingBeginsAfterClosing() {
        List<Runnable> tasks = new ArrayList<>();
        Background background = new Background(tasks::add, this::work);
        background.close();
        background.request();

        background.await();

        assertThat(tasks).isEmpty();
        assertThat(background.wanted()).isFalse();
    }

    @Test
    void whatAnExecutorDropsIsDoneByWhoWaitsForIt() {
        Background background = new Background(task -> {}, this::work);
        background.request();

        background.await();

        assertThat(runs).hasValue(1);
    }

    @Test
    void closingDoesNotWaitForATaskThatNeverBegins() {
        List<Runnable> tasks = new ArrayList<>();
        Background background = new Background(tasks::add, this::work);
        background.request();

        background.close();
        tasks.forEach(Runnable::run);

        assertThat(runs).hasValue(0);
    }

    @Test
    void aTaskThatComesLateFindsNothingToDo() {
        List<Runnable> tasks = new ArrayList<>();
        Background background = new Background(tasks::add, this::work);
        background.request();
        background.await();

        tasks.forEach(Runnable::run);
        background.await();

        assertThat(runs).hasValue(1);
    }

    @Test
    void waitingEndsWhenWhatItWaitsForDoesAndWhenTheWorkFailsOrIsClosed() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicBoolean much = new AtomicBoolean(true);
        Background background = new Background(task -> new Thread(task).start(), () -> {
            begun.countDown();
            await(goOn);
            work();
        });
        background.awaitWhile(much::get, "interrupted");
        fails.set(true);
        background.request();
        begun.await();

        CompletableFuture<Void> first = CompletableFuture.runAsync(() -> background.awaitWhile(much::get, "no"));
        assertThat(first).isNotDone();
        much.set(false);
        background.progressed();
        first.join();

        much.set(true);
        CompletableFuture<Void> second = CompletableFuture.runAsync(() -> background.awaitWhile(much::get, "no"));
        goOn.countDown();
        second.join();
        background.close();
        background.awaitWhile(much::get, "no");
    }

    @Test
    void waitingCanBeInterrupted() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Background background = new Background(task -> new Thread(task).start(), () -> {
            begun.countDown();
            await(goOn);
        });
        background.request();
        begun.await();
        background.awaitWhile(() -> true, "no", Duration.ofNanos(1));

        Thread.currentThread().interrupt();
        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(() -> background.awaitWhile(() -> true, "interrupted"))
                .withMessage("interrupted");
        assertThat(Thread.interrupted()).isTrue();
        goOn.countDown();
        background.close();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
