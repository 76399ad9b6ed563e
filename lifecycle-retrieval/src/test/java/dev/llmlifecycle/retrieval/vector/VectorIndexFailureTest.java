package dev.llmlifecycle.retrieval.vector;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.IntStream;

import dev.llmlifecycle.api.DamagedDataException;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.retrieval.vector.internal.FailingDisk;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** What fails is said, and takes nothing with it. */
@NullMarked
final class VectorIndexFailureTest {

    private static final int LIMIT = 50;

    private final FailingDisk disk = new FailingDisk();

    @TempDir
    private Path directory;

    private VectorIndex open() {
        return VectorIndex.builder(2)
                .directory(directory)
                .disk(disk)
                .exactLimit(LIMIT)
                .graph(4, 20)
                .build();
    }

    private static List<VectorEntry> entries(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> VectorEntry.of("id-" + i, new float[] {1, i}))
                .toList();
    }

    private static VectorSearchResult all(VectorIndex index) {
        return index.search(VectorQuery.of(new float[] {1, 0}, 1_000));
    }

    @Test
    void aFullDiskRefusesAChangeAndKeepsWhatWasThere() {
        try (VectorIndex index = open()) {
            index.addAll(entries(0, 10));
            disk.room(20);

            assertThatExceptionOfType(LifecycleException.class)
                    .isThrownBy(() -> index.addAll(entries(10, 20)))
                    .withMessageContaining(FailingDisk.FULL);
            assertThat(all(index).matches()).hasSize(10);

            disk.heal();
            index.addAll(entries(10, 20));
        }
        try (VectorIndex index = open()) {
            assertThat(all(index).matches()).hasSize(20);
        }
    }

    @Test
    void aDiskThatFillsUpInTheBackgroundIsReportedAndNothingIsLost() {
        try (VectorIndex index = open()) {
            index.addAll(entries(0, LIMIT - 1));
            // Room for the entry, and not for the segment.
            disk.room(200);
            index.addAll(entries(LIMIT - 1, LIMIT));

            assertThatExceptionOfType(LifecycleException.class)
                    .isThrownBy(index::awaitBackground)
                    .withMessage("Maintaining a vector index failed; nothing is lost,"
                            + " its latest entries are compared one by one")
                    .havingCause()
                    .withMessageContaining(FailingDisk.FULL);
            assertThat(all(index).matches()).hasSize(LIMIT);
            assertThat(all(index).explanation().exact()).isTrue();
            index.awaitBackground();
            disk.heal();
        }
        try (VectorIndex index = open()) {
            assertThat(all(index).matches()).hasSize(LIMIT);
            index.compact();
            assertThat(index.snapshot().segments())
                    .hasSize(1)
                    .allSatisfy(segment -> assertThat(segment.sealed()).isTrue());
        }
    }

    @Test
    void aFileThatIsCutWhileItIsSearchedIsDamage() throws IOException {
        try (VectorIndex index = open()) {
            index.addAll(entries(0, 40 * LIMIT));
            index.awaitBackground();
            VectorQuery query =
                    VectorQuery.builder(new float[] {1, 0}).k(LIMIT).exact(true).build();
            assertThat(index.search(query).matches()).hasSize(LIMIT);
            long number = index.snapshot().segments().get(0).number();

            try (FileChannel channel =
                    FileChannel.open(directory.resolve("segment-" + number + ".vectors"), StandardOpenOption.WRITE)) {
                channel.truncate(0);
            }

            assertThatExceptionOfType(DamagedDataException.class)
                    .isThrownBy(() -> index.search(query))
                    .withMessageContaining("it cannot be read any more");
        }
    }

    @Test
    void anExecutorThatTakesNothingIsReported() {
        try (VectorIndex index = VectorIndex.builder(2)
                .exactLimit(LIMIT)
                .executor(task -> {
                    throw new RejectedExecutionException("full");
                })
                .build()) {
            index.addAll(entries(0, LIMIT));

            assertThatExceptionOfType(LifecycleException.class)
                    .isThrownBy(index::awaitBackground)
                    .havingCause()
                    .withMessage("Maintaining a vector index was refused by its executor; give it one that still runs");
            assertThat(all(index).matches()).hasSize(LIMIT);
        }
    }

    @Test
    void aSecondWriterIsRefusedWhileTheFirstIsOpen() {
        try (VectorIndex index = open()) {
            assertThatExceptionOfType(LifecycleException.class).isThrownBy(this::open);
            index.add(VectorEntry.of("a", new float[] {1, 0}));
        }
        open().close();
    }

    @Test
    void everyStateIsOpenedAgainAsItWas() {
        try (VectorIndex index = open()) {
            index.addAll(entries(0, 2 * LIMIT));
            index.awaitBackground();
            index.addAll(entries(2 * LIMIT, 2 * LIMIT + 5));
            index.remove(List.of("id-1", "id-" + 2 * LIMIT));
        }
        try (VectorIndex index = open()) {
            VectorSearchResult found = all(index);
            assertThat(found.matches()).hasSize(2 * LIMIT + 3);
            assertThat(index.get("id-1")).isEmpty();
            assertThat(index.snapshot().segments())
                    .extracting(LiveSegment::sealed)
                    .containsExactly(true, false);
            index.remove(IntStream.range(0, 60).mapToObj(i -> "id-" + i).toList());
            index.awaitBackground();
            assertThat(index.snapshot().segments().get(0).content().size()).isLessThan(LIMIT);
        }
        try (VectorIndex index = open()) {
            assertThat(index.size()).isEqualTo(LIMIT - 10 + 4);
        }
    }
}
