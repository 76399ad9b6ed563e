package dev.llmlifecycle.retrieval.vector.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.llmlifecycle.api.DamagedDataException;
import dev.llmlifecycle.api.LifecycleException;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

@NullMarked
class DirectoryStorageTest {

    private static final MetadataIndexing INDEXING = new InvertedMetadataIndexing();
    private static final long SEED = 20_261_125;

    @TempDir
    Path temporary;

    private Path directory;
    private final FailingDisk disk = new FailingDisk();

    @BeforeEach
    void directory() {
        directory = temporary.resolve("index");
    }

    @Test
    void isReopenedAsItWasLeftWhateverWasDone() {
        SplittableRandom random = new SplittableRandom(SEED);
        Map<String, VectorItem> model = new TreeMap<>();
        for (int life = 0; life < 25; life++) {
            try (SeamIndex index = open()) {
                Contents.assertSame(index.items(), model, "life " + life);
                for (int step = random.nextInt(12); step > 0; step--) {
                    write(index, model);
                    switch (random.nextInt(12)) {
                        case 0 -> index.seal();
                        case 1, 2 -> index.beginSeal();
                        case 3, 4, 5 -> index.endSeal();
                        default -> {
                            // The next batch follows at once.
                        }
                    }
                    if (random.nextInt(14) == 0) {
                        index.merge();
                    }
                }
                Contents.assertSame(index.items(), model, "life " + life);
            }
        }
    }

    @Test
    void filesThatNoManifestNamesGo() throws IOException {
        try (SeamIndex index = open()) {
            writeTo(index, 5);
            index.seal();
            writeTo(index, 9);
            index.seal();
            writeTo(index, 12);
            assertThat(names())
                    .containsExactlyInAnyOrder(
                            "vectors.manifest",
                            "vectors.lock",
                            "segment-1.vectors",
                            "segment-2.vectors",
                            "log-3.batches");
            index.merge();
            assertThat(names()).containsExactlyInAnyOrder("vectors.manifest", "vectors.lock", "segment-3.vectors");
        }
        Files.writeString(directory.resolve("segment-9.vectors"), "left by a crash");
        Files.writeString(directory.resolve("vectors.manifest.tmp"), "left by a crash");
        Files.writeString(directory.resolve("log-1.batches"), "left by a crash");
        Files.writeString(directory.resolve("notes.txt"), "left by a user");
        try (SeamIndex index = open()) {
            Contents.assertSame(index.items(), Contents.at(12), "after");
            assertThat(names())
                    .containsExactlyInAnyOrder("vectors.manifest", "vectors.lock", "segment-3.vectors", "notes.txt");
        }
    }

    @Test
    void batchesThatCameWhileASegmentWasWrittenStayInTheLog() {
        try (SeamIndex index = open()) {
            writeTo(index, 10);
            index.beginSeal();
            writeTo(index, 15);
            index.endSeal();
            assertThat(names()).contains("log-1.batches", "segment-1.vectors");
            writeTo(index, 18);
            assertThat(names()).contains("log-1.batches", "log-2.batches");
        }
        try (SeamIndex index = open()) {
            Contents.assertSame(index.items(), Contents.at(18), "opened again");
            writeTo(index, 20);
            index.beginSeal();
            writeTo(index, 21);
            index.endSeal();
            assertThat(names()).contains("log-2.batches").doesNotContain("log-1.batches");
        }
        try (SeamIndex index = open()) {
            Contents.assertSame(index.items(), Contents.at(21), "opened once more");
        }
    }

    @Test
    void whatASystemKeepsWhileItIsMappedGoesLater() throws IOException {
        try (SeamIndex index = open()) {
            writeTo(index, 5);
            index.seal();
            disk.failDelete();
            index.merge();
            assertThat(names()).contains("segment-1.vectors");
            disk.heal();
            writeTo(index, 6);
            index.seal();
            assertThat(names()).doesNotContain("segment-1.vectors");
        }
    }

    @Test
    void segmentsHandedOutStayReadableWhenTheyWereMergedAway() {
        try (SeamIndex index = open()) {
            writeTo(index, 8);
            index.seal();
            SegmentContent old = index.sealed().get(0);
            index.merge();
            assertThat(names()).doesNotContain("segment-1.vectors");
            for (int i = 0; i < old.size(); i++) {
                assertThat(old.ordinal(old.id(i))).isEqualTo(i);
            }
        }
    }

    @Test
    void aReaderSeesTheStateItOpenedAndRefreshesBesideTheWriter() {
        try (SeamIndex writer = open()) {
            writeTo(writer, 5);
            try (SeamIndex reader = reader()) {
                Contents.assertSame(reader.items(), Contents.at(5), "opened");
                writeTo(writer, 7);
                writer.seal();
                writeTo(writer, 9);
                Contents.assertSame(reader.items(), Contents.at(5), "before it refreshes");
                reader.recover();
                Contents.assertSame(reader.items(), Contents.at(9), "refreshed");
                SegmentContent same = reader.sealed().get(0);
                reader.recover();
                assertThat(reader.sealed().get(0)).isSameAs(same);
                writer.merge();
                Contents.assertSame(reader.items(), Contents.at(9), "files are gone");
                reader.recover();
                Contents.assertSame(reader.items(), Contents.at(9), "merged");
                assertThatIllegalStateException()
                        .isThrownBy(reader::merge)
                        .withMessage(
                                "the index " + directory + " was opened for reading; open it for writing to change it");
            }
        }
    }

    @Test
    void aReaderRefreshesAllTheTimeWhileTheWriterMerges() throws Exception {
        try (SeamIndex writer = open()) {
            writeTo(writer, 1);
            List<Throwable> failures = new ArrayList<>();
            Thread thread = new Thread(() -> {
                try (SeamIndex reader = reader()) {
                    long seen = 0;
                    while (seen < 150) {
                        reader.recover();
                        assertThat(reader.version()).isGreaterThanOrEqualTo(seen);
                        seen = reader.version();
                        Contents.assertSame(reader.items(), Contents.at(seen), "version " + seen);
                    }
                } catch (RuntimeException | AssertionError e) {
                    failures.add(e);
                }
            });
            thread.start();
            for (long version = 2; version <= 150; version++) {
                writeTo(writer, version);
                if (version % 5 == 0) {
                    writer.seal();
                }
                if (version % 11 == 0) {
                    writer.merge();
                }
            }
            thread.join(60_000);
            assertThat(failures).isEmpty();
            assertThat(thread.isAlive()).isFalse();
        }
    }

    @Test
    void aReaderKnowsWhetherThereIsSomethingNew() {
        try (SeamIndex writer = open();
                DirectoryStorage storage = builder().reader();
                SeamIndex reader = new SeamIndex(storage, Contents.DIMENSION, INDEXING)) {
            assertThat(storage.changed()).isFalse();
            for (Runnable change : List.<Runnable>of(
                    () -> writeTo(writer, 1), () -> writeTo(writer, 2), writer::seal, () -> writeTo(writer, 3))) {
                change.run();
                assertThat(storage.changed()).isTrue();
                reader.recover();
                assertThat(storage.changed()).isFalse();
            }
        }
    }

    @Test
    void oneWriterAtATimeWhichTheOtherIsTold() {
        SeamIndex first = open();
        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(this::open)
                .withMessageStartingWith("Locking " + directory.resolve(DirectoryStorage.LOCK_FILE)
                        + " failed: another index of this process has been writing there since ")
                .withMessageEndingWith("; wait until it is done or use another directory");
        first.close();
        first.close();
        open().close();
    }

    @Test
    void aReaderNeedsAnIndex() throws IOException {
        Files.createDirectories(directory);
        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(this::reader)
                .withMessage("Opening " + directory + " failed: there is no vector index;"
                        + " name its directory, or open it for writing to begin one");
    }

    @Test
    void anotherLayoutIsRefused() {
        open().close();
        try (DirectoryStorage other =
                DirectoryStorage.builder(directory, 6, "euclidean", INDEXING).writer()) {
            assertThatExceptionOfType(LifecycleException.class)
                    .isThrownBy(other::recover)
                    .withMessage("Opening " + directory
                            + " failed: it holds vectors of dimension 5 compared by cosine but dimension 6 and"
                            + " euclidean were asked for; open it with its own, or use another directory");
        }
        open().close();
    }

    @Test
    void aMissingManifestBesideSegmentsIsNoNewIndex() throws IOException {
        try (SeamIndex index = open()) {
            writeTo(index, 3);
        }
        Files.delete(directory.resolve(StoredManifest.FILE));
        assertThatExceptionOfType(DamagedDataException.class)
                .isThrownBy(this::open)
                .withMessageContaining("the manifest is missing beside segments or logs");
        assertThat(names()).contains("log-1.batches");
    }

    @Test
    void aMissingSegmentOrLogIsNamed() throws IOException {
        try (SeamIndex index = open()) {
            writeTo(index, 3);
            index.seal();
            writeTo(index, 6);
        }
        for (String name : List.of("segment-1.vectors", "log-2.batches")) {
            Path file = directory.resolve(name);
            byte[] bytes = Files.readAllBytes(file);
            Files.delete(file);
            assertThatExceptionOfType(DamagedDataException.class)
                    .isThrownBy(this::open)
                    .withMessageStartingWith(file + ", byte 0: the file is missing; ");
            Files.write(file, bytes);
        }
        try (SeamIndex index = open()) {
            Contents.assertSame(index.items(), Contents.at(6), "whole again");
        }
    }

    @Test
    void everyFileFlippedOrCutIsNamedOrTheAnswerIsRight() throws IOException {
        try (SeamIndex index = open()) {
            writeTo(index, 20);
            index.seal();
            writeTo(index, 30);
            index.seal();
            writeTo(index, 40);
        }
        Map<String, VectorItem> model = Contents.at(40);
        SplittableRandom random = new SplittableRandom(SEED);
        int named = 0;
        for (String name : names()) {
            if (name.equals(DirectoryStorage.LOCK_FILE)) {
                continue;
            }
            Path file = directory.resolve(name);
            byte[] whole = Files.readAllBytes(file);
            for (int i = 0; i < 60; i++) {
                byte[] bytes = whole.clone();
                int position = random.nextInt(bytes.length);
                if (i % 3 == 0) {
                    bytes = Arrays.copyOf(bytes, position);
                } else {
                    bytes[position] ^= (byte) (1 << random.nextInt(8));
                }
                Files.write(file, bytes);
                String what = name + (i % 3 == 0 ? " cut at " : " flipped at ") + position + ", seed " + SEED;
                try (SeamIndex index = reader()) {
                    Contents.assertSame(index.items(), model, what);
                } catch (DamagedDataException e) {
                    named++;
                    assertThat(e.source()).as(what).isEqualTo(file.toString());
                }
            }
            Files.write(file, whole);
        }
        assertThat(named).isGreaterThan(200);
        try (SeamIndex index = open()) {
            Contents.assertSame(index.items(), model, "whole again");
        }
    }

    @Test
    void aDamagedBatchIsNamedAndAReaderCanServeWhatStandsBeforeIt() throws IOException {
        try (SeamIndex index = open()) {
            writeTo(index, 5);
            index.seal();
            writeTo(index, 30);
        }
        Path file = directory.resolve("log-2.batches");
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2]++;
        Files.write(file, bytes);
        for (DirectoryStorage.Builder refusing : List.of(builder(), builder().upToDamage())) {
            assertThatExceptionOfType(DamagedDataException.class)
                    .isThrownBy(() -> open(refusing.writer()))
                    .withMessageStartingWith(file + ", record at byte ");
        }
        try (DirectoryStorage storage = builder().upToDamage().reader();
                SeamIndex index = new SeamIndex(storage, Contents.DIMENSION, INDEXING)) {
            assertThat(index.version()).isBetween(6L, 29L);
            Contents.assertSame(index.items(), Contents.at(index.version()), "before the damage");
            assertThat(storage.damage().orElseThrow().source()).isEqualTo(file.toString());
        }
    }

    @Test
    void verifyNamesAllThatIsDamaged() throws IOException {
        try (DirectoryStorage storage = builder().writer();
                SeamIndex index = new SeamIndex(storage, Contents.DIMENSION, INDEXING)) {
            writeTo(index, 20);
            index.seal();
            writeTo(index, 40);
            assertThat(storage.verify()).isEmpty();
            for (String name : List.of("segment-1.vectors", "vectors.manifest", "log-2.batches")) {
                Path file = directory.resolve(name);
                byte[] bytes = Files.readAllBytes(file);
                bytes[80]++;
                Files.write(file, bytes);
            }
            assertThat(storage.verify())
                    .extracting(DamagedDataException::source)
                    .containsExactly(
                            directory.resolve("segment-1.vectors").toString(),
                            directory.resolve("vectors.manifest").toString(),
                            directory.resolve("log-2.batches").toString());
        }
    }

    @Test
    void aFullDiskRefusesWritesAndLosesNothing() {
        SplittableRandom random = new SplittableRandom(SEED);
        Map<String, VectorItem> model = new TreeMap<>();
        List<Consumer<SeamIndex>> steps =
                List.of(index -> write(index, model), SeamIndex::seal, index -> write(index, model), SeamIndex::merge);
        for (int i = 0; i < 40; i++) {
            try (SeamIndex index = open()) {
                if (i % 3 == 0) {
                    write(index, model);
                }
                disk.room(random.nextInt(3_000));
                for (Consumer<SeamIndex> step : steps) {
                    try {
                        step.accept(index);
                    } catch (LifecycleException e) {
                        assertThat(e)
                                .hasMessage("Writing to the index " + directory + " failed (" + FailingDisk.FULL
                                        + "), it is as it was and can be read;"
                                        + " check space and permissions and write again");
                    }
                    Contents.assertSame(index.items(), model, "full disk " + i);
                }
                disk.heal();
                write(index, model);
                index.seal();
                Contents.assertSame(index.items(), model, "with space again " + i);
            }
            try (SeamIndex index = open()) {
                Contents.assertSame(index.items(), model, "opened again " + i);
            }
        }
    }

    @Test
    void aManifestThatCannotBeMovedLeavesTheOldOne() {
        try (SeamIndex index = open()) {
            writeTo(index, 4);
            disk.failMove();
            assertThatThrownBy(index::seal)
                    .isInstanceOf(LifecycleException.class)
                    .hasMessageContaining("Input/output error");
            disk.heal();
            writeTo(index, 6);
            assertThat(names()).contains("segment-1.vectors");
            index.seal();
            assertThat(names()).contains("segment-2.vectors").doesNotContain("segment-1.vectors");
        }
        try (SeamIndex index = open()) {
            Contents.assertSame(index.items(), Contents.at(6), "opened again");
        }
    }

    @Test
    void numbersOfSegmentsAreNeverUsedTwice() {
        SeamIndex index = open();
        writeTo(index, 4);
        index.seal();
        try (SeamIndex reader = reader()) {
            SegmentContent old = reader.sealed().get(0);
            index.merge();
            index.clear();
            index.close();
            try (SeamIndex next = open()) {
                writeTo(next, 9);
                next.seal();
                assertThat(names()).contains("segment-3.vectors");
                reader.recover();
                Contents.assertSame(reader.items(), next.items(), "the reader");
                assertThat(reader.sealed().get(0)).isNotSameAs(old);
            }
        }
    }

    @Test
    void aManifestOfTheFirstVersionIsRead() throws IOException {
        Map<String, VectorItem> model = Contents.at(6);
        try (SeamIndex index = open()) {
            writeTo(index, 4);
            index.seal();
            writeTo(index, 6);
        }
        Path file = directory.resolve(StoredManifest.FILE);
        byte[] second = Files.readAllBytes(file);
        byte[] first = Arrays.copyOf(second, second.length - Long.BYTES);
        first[8] = 1;
        int content = first.length - Integer.BYTES;
        int checksum = Checksums.of(first, 0, content);
        for (int i = 0; i < Integer.BYTES; i++) {
            first[content + i] = (byte) (checksum >>> (Byte.SIZE * i));
        }
        Files.write(file, first);

        try (SeamIndex index = open()) {
            Contents.assertSame(index.items(), model, "opened");
            index.seal();
            assertThat(names()).contains("segment-1.vectors", "segment-2.vectors");
        }
        assertThat(Files.readAllBytes(file)[8]).isEqualTo((byte) 2);
    }

    @Test
    void aSegmentThatNoManifestCameToNameGoes() {
        try (SeamIndex index = open()) {
            writeTo(index, 4);
            index.seal();
            writeTo(index, 6);
            index.beginSeal();
            writeTo(index, 7);
            disk.failMove();
            assertThatThrownBy(index::endSeal).isInstanceOf(LifecycleException.class);
            assertThat(names()).contains("segment-2.vectors");
            disk.heal();
        }
        assertThat(names()).contains("segment-1.vectors").doesNotContain("segment-2.vectors");
    }

    @Test
    void aBackupThatOutlastsItsIndexRemovesNothingOfTheNextOne() {
        SeamIndex[] next = new SeamIndex[1];
        DirectoryStorage storage = builder().writer();
        SeamIndex index = new SeamIndex(storage, Contents.DIMENSION, INDEXING);
        writeTo(index, 4);
        disk.whenForced(() -> {
            disk.whenForced(() -> {});
            disk.failMove();
            assertThatThrownBy(index::seal).isInstanceOf(LifecycleException.class);
            disk.heal();
            index.close();
            next[0] = open();
            writeTo(next[0], 6);
            next[0].seal();
        });

        storage.backup(temporary.resolve("backup"));

        assertThat(names()).contains("segment-1.vectors");
        next[0].close();
        try (SeamIndex again = open()) {
            Contents.assertSame(again.items(), Contents.at(6), "the next one");
        }
    }

    @Test
    void afterALogCouldNotBeForcedWritesAreRefusedUntilItIsOpenedAgain() {
        try (SeamIndex index = open()) {
            writeTo(index, 3);
            disk.failForce();
            assertThatThrownBy(() -> writeTo(index, 4)).isInstanceOf(LifecycleException.class);
            disk.heal();
            for (Runnable write : List.<Runnable>of(() -> writeTo(index, 4), index::merge, index::flush)) {
                assertThatExceptionOfType(LifecycleException.class)
                        .isThrownBy(write::run)
                        .withMessage("Writing to the index " + directory + " is refused: the disk failed to force its"
                                + " log, and what it has of it is unknown; see that the disk is sound, close the index"
                                + " and open it again");
            }
            Contents.assertSame(index.items(), Contents.at(3), "can be read");
        }
        try (SeamIndex index = open()) {
            Contents.assertSame(index.items(), Contents.at(3), "opened again");
            writeTo(index, 4);
            Contents.assertSame(index.items(), Contents.at(4), "written again");
        }
    }

    @Test
    void batchesLoggedTogetherAreForcedOnce() {
        try (DirectoryStorage storage = builder().writer()) {
            storage.recover();
            storage.replay(batch -> {});
            storage.log(new WriteBatch(1, List.of(), List.of()));
            int before = disk.forced();
            storage.log(List.of(
                    new WriteBatch(2, List.of("a"), List.of()),
                    new WriteBatch(3, List.of(), List.of()),
                    new WriteBatch(4, List.of(), List.of())));
            assertThat(disk.forced()).isEqualTo(before + 1);
            storage.log(List.of());
            assertThat(disk.forced()).isEqualTo(before + 1);
        }
        try (SeamIndex index = open()) {
            assertThat(index.version()).isEqualTo(4);
        }
    }

    @Test
    void threadsThatWriteAtOnceShareOneForce() throws InterruptedException {
        int threads = 8;
        AtomicLong version = new AtomicLong();
        try (DirectoryStorage storage = builder().writer()) {
            storage.recover();
            storage.replay(batch -> {});
            GroupCommit<String> commit = new GroupCommit<>(ids -> storage.log(ids.stream()
                    .map(id -> new WriteBatch(version.incrementAndGet(), List.of(id), List.of()))
                    .toList()));
            commit.write("first");
            int before = disk.forced();
            CyclicBarrier start = new CyclicBarrier(threads);
            // The first force ends when all other threads have come, or soon.
            disk.whenForced(() -> LockSupport.parkNanos(Duration.ofMillis(20).toNanos()));
            List<Thread> writers = IntStream.range(0, threads)
                    .mapToObj(i -> new Thread(() -> {
                        try {
                            start.await();
                        } catch (InterruptedException | BrokenBarrierException e) {
                            throw new IllegalStateException(e);
                        }
                        commit.write("id-" + i);
                    }))
                    .toList();
            writers.forEach(Thread::start);
            for (Thread writer : writers) {
                writer.join();
            }
            assertThat(disk.forced() - before).isBetween(1, threads - 1);
        }
        try (SeamIndex index = open()) {
            assertThat(index.version()).isEqualTo(threads + 1);
        }
    }

    @Test
    void forcesAsOftenAsItIsTold() {
        try (DirectoryStorage never = builder().forceAfter(Optional.empty()).writer();
                SeamIndex index = new SeamIndex(never, Contents.DIMENSION, INDEXING)) {
            writeTo(index, 1);
            int before = disk.forced();
            writeTo(index, 5);
            assertThat(disk.forced()).isEqualTo(before);
            index.flush();
            assertThat(disk.forced()).isEqualTo(before + 1);
        }
        try (DirectoryStorage often =
                        builder().forceAfter(Optional.of(Duration.ofMillis(5))).writer();
                SeamIndex index = new SeamIndex(often, Contents.DIMENSION, INDEXING)) {
            writeTo(index, 6);
            int before = disk.forced();
            writeTo(index, 7);
            await().until(() -> disk.forced() > before);
        }
    }

    @Test
    void aBackupIsTheIndexAsItWasWhileItIsWrittenOn() {
        Path target = temporary.resolve("backup");
        try (DirectoryStorage storage = builder().writer();
                SeamIndex index = new SeamIndex(storage, Contents.DIMENSION, INDEXING)) {
            writeTo(index, 10);
            index.seal();
            writeTo(index, 14);
            storage.backup(target);
            index.merge();
            writeTo(index, 20);
            assertThatExceptionOfType(LifecycleException.class)
                    .isThrownBy(() -> storage.backup(target))
                    .withMessage("Copying the index " + directory + " to " + target
                            + " failed: it is not empty; name a new directory");
        }
        directory = target;
        try (SeamIndex copy = open()) {
            Contents.assertSame(copy.items(), Contents.at(14), "the copy");
            writeTo(copy, 16);
            copy.merge();
        }
        directory = temporary.resolve("index");
        try (SeamIndex index = open()) {
            Contents.assertSame(index.items(), Contents.at(20), "the original");
        }
    }

    @Test
    void refusesWorkBeforeItRecoveredAndAfterItClosed() {
        DirectoryStorage storage = builder().writer();
        WriteBatch batch = new WriteBatch(1, List.of(), List.of());
        assertThatIllegalStateException()
                .isThrownBy(() -> storage.log(batch))
                .withMessage("the index " + directory + " is not recovered; recover and replay it first");
        storage.close();
        assertThatIllegalStateException()
                .isThrownBy(() -> storage.log(batch))
                .withMessage("the index " + directory + " is closed; open it again");
    }

    private DirectoryStorage.Builder builder() {
        return DirectoryStorage.builder(directory, Contents.DIMENSION, "cosine", INDEXING)
                .disk(disk);
    }

    private SeamIndex open() {
        return open(builder().writer());
    }

    private SeamIndex reader() {
        return open(builder().reader());
    }

    private static SeamIndex open(DirectoryStorage storage) {
        try {
            return new SeamIndex(storage, Contents.DIMENSION, INDEXING);
        } catch (RuntimeException e) {
            storage.close();
            throw e;
        }
    }

    private static void write(SeamIndex index, Map<String, VectorItem> model) {
        Contents.Change change = Contents.change(index.version() + 1);
        index.write(change.removed(), change.upserts());
        change.applyTo(model);
    }

    private static void writeTo(SeamIndex index, long version) {
        while (index.version() < version) {
            write(index, new TreeMap<>());
        }
    }

    private List<String> names() {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
