package dev.llmlifecycle.retrieval.vector;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

import dev.llmlifecycle.retrieval.vector.internal.Disk;
import dev.llmlifecycle.retrieval.vector.internal.WritableFile;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** Much is added at once, or over and over. */
@NullMarked
@Timeout(60)
final class VectorIndexLoadTest {

    private static final int LIMIT = 50;
    private static final int ROUNDS = 5;

    @TempDir
    private Path directory;

    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);
    private final AtomicBoolean fails = new AtomicBoolean();

    private static List<VectorEntry> entries(int from, int to) {
        return IntStream.range(from, to).mapToObj(VectorIndexLoadTest::entry).toList();
    }

    private static VectorEntry entry(int number) {
        return VectorEntry.of("id-" + number, new float[] {1, number});
    }

    private static VectorIndex.Builder builder() {
        return VectorIndex.builder(2).exactLimit(LIMIT).graph(4, 20).longestWait(Duration.ofDays(1));
    }

    /** An index with the most that may wait, whose background is about to write a segment and held there. */
    private VectorIndex held() throws InterruptedException {
        VectorIndex index =
                builder().directory(directory).disk(new HoldingDisk()).build();
        index.addAll(entries(0, LIMIT + 1));
        begun.await();
        return index;
    }

    /** A disk that keeps those who write segments waiting. */
    private final class HoldingDisk implements Disk {

        @Override
        public WritableFile open(Path file) throws IOException {
            if (file.getFileName().toString().startsWith("segment-")) {
                begun.countDown();
                try {
                    goOn.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
                if (fails.get()) {
                    throw new IOException("no");
                }
            }
            return Disk.local().open(file);
        }

        @Override
        public void move(Path from, Path to) throws IOException {
            Disk.local().move(from, to);
        }

        @Override
        public void delete(Path file) throws IOException {
            Disk.local().delete(file);
        }

        @Override
        public void forceDirectory(Path forced) {
            Disk.local().forceDirectory(forced);
        }
    }

    /** Begins to add on another thread and returns when that waits, or has gone on. */
    private static CompletableFuture<Void> adding(VectorIndex index) throws InterruptedException {
        CompletableFuture<Void> added = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                index.add(entry(1_000));
                added.complete(null);
            } catch (RuntimeException e) {
                added.completeExceptionally(e);
            }
        });
        thread.start();
        while (thread.getState() != Thread.State.TIMED_WAITING && thread.isAlive()) {
            Thread.onSpinWait();
        }
        return added;
    }

    @Test
    void addingWaitsForAGraphAndSearchingAndRemovingDoNot() throws Exception {
        try (VectorIndex index = held()) {
            CompletableFuture<Void> adding = adding(index);

            assertThat(index.search(VectorQuery.of(new float[] {1, 0}, 5)).matches())
                    .hasSize(5);
            assertThat(adding).isNotDone();
            goOn.countDown();
            adding.join();
            index.awaitBackground();

            assertThat(index.size()).isEqualTo(LIMIT + 2);
            assertThat(index.snapshot().waiting()).isEqualTo(1);
        }
    }

    @Test
    void removingAllLetsAddingGoOn() throws Exception {
        try (VectorIndex index = held()) {
            CompletableFuture<Void> adding = adding(index);
            assertThat(adding).isNotDone();

            assertThat(index.remove(List.of("id-0"))).isEqualTo(1);
            index.removeAll();
            adding.join();

            assertThat(index.size()).isEqualTo(1);
            goOn.countDown();
        }
    }

    @Test
    void aFailureLetsAddingGoOn() throws Exception {
        try (VectorIndex index = held()) {
            CompletableFuture<Void> adding = adding(index);
            fails.set(true);
            goOn.countDown();

            adding.join();

            assertThat(index.size()).isEqualTo(LIMIT + 2);
        }
    }

    @Test
    void addingWaitsNoLongerThanItIsTold() throws Exception {
        try (VectorIndex index = builder()
                .directory(directory)
                .disk(new HoldingDisk())
                .longestWait(Duration.ofNanos(1))
                .build()) {
            index.addAll(entries(0, LIMIT + 1));
            begun.await();

            index.addAll(entries(LIMIT + 1, 3 * LIMIT));

            assertThat(index.size()).isEqualTo(3 * LIMIT);
            goOn.countDown();
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder().longestWait(Duration.ofSeconds(-1)))
                .withMessage("adding cannot wait PT-1S for graphs; give zero or more");
    }

    @Test
    void closingRefusesWhatWaits() throws Exception {
        VectorIndex index = held();
        CompletableFuture<Void> adding = adding(index);

        CompletableFuture<Void> closing = CompletableFuture.runAsync(index::close);

        assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(adding::join)
                .withMessageContaining("the vector index is closed");
        goOn.countDown();
        closing.join();
    }

    @Test
    void moreMayWaitWhenAsked() throws Exception {
        try (VectorIndex index = builder()
                .directory(directory)
                .disk(new HoldingDisk())
                .mostWaiting(10 * LIMIT)
                .build()) {
            index.addAll(entries(0, LIMIT));
            begun.await();

            index.addAll(entries(LIMIT, 10 * LIMIT));

            assertThat(index.snapshot().waiting()).isEqualTo(10 * LIMIT);
            goOn.countDown();
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder().mostWaiting(0))
                .withMessage("the number of entries that may wait for a graph is 0; give at least 1");
    }

    @Test
    void anExecutorThatDropsTasksHangsNeitherCompactingNorClosing() {
        try (VectorIndex index = builder().executor(task -> {}).build()) {
            index.addAll(entries(0, 3 * LIMIT));
            index.compact();

            assertThat(index.snapshot().segments()).hasSize(1).allMatch(LiveSegment::sealed);
            index.addAll(entries(3 * LIMIT, 6 * LIMIT));
        }
    }

    @Test
    void afterManyChangesThereAreNoMoreSegmentsThanInANewIndex() {
        int size = 8 * LIMIT;
        try (VectorIndex index = builder().build()) {
            index.addAll(entries(0, size));
            index.awaitBackground();
            int fresh = index.snapshot().segments().size();
            for (int round = 0; round < ROUNDS; round++) {
                List<Integer> half =
                        new ArrayList<>(IntStream.range(0, size).boxed().toList());
                Collections.shuffle(half, new Random(round));
                half = half.subList(0, size / 2);
                index.remove(half.stream().map(number -> "id-" + number).toList());
                index.addAll(half.stream().map(VectorIndexLoadTest::entry).toList());
                index.awaitBackground();
            }

            assertThat(index.size()).isEqualTo(size);
            assertThat(index.snapshot().segments()).hasSize(fresh);
            assertThat(index.snapshot().segments().stream()
                            .mapToInt(segment -> segment.content().size())
                            .sum())
                    .isLessThanOrEqualTo(size + size / 10);
        }
    }

    @Test
    void aListenerHearsOfAChangeWhenItsMaintenanceWasAskedFor() {
        List<Runnable> tasks = new ArrayList<>();
        List<Integer> asked = new ArrayList<>();
        try (VectorIndex index = builder().executor(tasks::add).build()) {
            index.addListener(change -> asked.add(tasks.size()));

            index.addAll(entries(0, LIMIT));

            assertThat(asked).containsExactly(1);
        }
    }
}
