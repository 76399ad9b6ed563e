package dev.llmlifecycle.retrieval.vector.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

import dev.llmlifecycle.api.LifecycleException;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

@NullMarked
class GroupCommitTest {

    private final ExecutorService executor = Executors.newCachedThreadPool();

    @AfterEach
    void end() {
        executor.shutdownNow();
    }

    @Test
    void threadsThatComeWhileOneWritesAreWrittenTogether() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch others = new CountDownLatch(1);
        List<List<Integer>> groups = new ArrayList<>();
        GroupCommit<Integer> commit = new GroupCommit<>(group -> {
            groups.add(group);
            begun.countDown();
            await(others);
        });
        CompletableFuture<Void> first = CompletableFuture.runAsync(() -> commit.write(0), executor);
        begun.await();
        List<CompletableFuture<Void>> rest = IntStream.rangeClosed(1, 5)
                .mapToObj(i -> CompletableFuture.runAsync(() -> commit.write(i), executor))
                .toList();
        while (commit.waiting() < 5) {
            Thread.onSpinWait();
        }
        others.countDown();
        first.join();
        rest.forEach(CompletableFuture::join);
        assertThat(groups).hasSize(2);
        assertThat(groups.get(0)).containsExactly(0);
        assertThat(groups.get(1)).containsExactlyInAnyOrder(1, 2, 3, 4, 5);
    }

    @Test
    void eachThreadIsToldThatItsGroupFailedAndTheNextGroupIsTried() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch others = new CountDownLatch(1);
        GroupCommit<String> commit = new GroupCommit<>(group -> {
            begun.countDown();
            await(others);
            if (group.contains("bad")) {
                throw new IllegalArgumentException("no");
            }
        });
        CompletableFuture<Void> first = CompletableFuture.runAsync(() -> commit.write("good"), executor);
        begun.await();
        List<CompletableFuture<Void>> bad = IntStream.range(0, 2)
                .mapToObj(i -> CompletableFuture.runAsync(() -> commit.write("bad"), executor))
                .toList();
        while (commit.waiting() < 2) {
            Thread.onSpinWait();
        }
        others.countDown();
        first.join();
        bad.forEach(failed -> assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(failed::join)
                .satisfies(e -> assertThat(e.getCause()).hasMessage("no")));
        assertThatIllegalArgumentException().isThrownBy(() -> commit.write("bad"));
        commit.write("good");
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new LifecycleException("interrupted", e);
        }
    }
}
