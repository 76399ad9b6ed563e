package dev.llmlifecycle.retrieval.vector.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

import dev.llmlifecycle.api.DamagedDataException;
import dev.llmlifecycle.retrieval.vector.internal.BatchLogReader.Mark;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

@NullMarked
class BatchLogTest {

    private static final Mark UNKNOWN = new Mark(7, 0, 0);
    private static final long SEED = 20_261_125;

    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void file() {
        file = directory.resolve("log");
    }

    /** What was read: where it ends, and the state that its batches lead to. */
    private record Read(Mark mark, Map<String, VectorItem> state) {}

    @Test
    void isReadAsItWasWritten() throws IOException {
        Mark end = write(20, true);
        Read read = read(UNKNOWN);
        assertThat(read.mark()).isEqualTo(end).isEqualTo(new Mark(7, Files.size(file), 20));
        Contents.assertSame(read.state(), Contents.at(20), "all");
    }

    @Test
    void aFileCutAtAnyByteIsReadUpToItsLastWholeBatchAndGoesOnFromThere() throws IOException {
        List<Long> ends = new ArrayList<>();
        for (int count = 1; count <= 4; count++) {
            ends.add(write(count, false).end());
        }
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length++) {
            int cut = length;
            Files.write(file, Arrays.copyOf(whole, cut));
            Read read = read(UNKNOWN);
            long batches = ends.stream().filter(end -> end <= cut).count();
            assertThat(read.mark().lastVersion()).as("%d bytes", cut).isEqualTo(batches);
            if (read.mark().end() > 0 && cut % 9 == 0) {
                try (BatchLog log = BatchLog.reopen(new FailingDisk(), file, read.mark())) {
                    log.append(List.of(batch(batches + 1)), true);
                }
                assertThat(read(UNKNOWN).mark().lastVersion()).isEqualTo(batches + 1);
                assertThat(Files.size(file)).isEqualTo(read(UNKNOWN).mark().end());
            }
        }
    }

    @Test
    void aFileThatIsShorterThanTheManifestSaysIsDamaged() throws IOException {
        Mark end = write(2, true);
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThatExceptionOfType(DamagedDataException.class)
                    .as("%d bytes", length)
                    .isThrownBy(() -> read(end))
                    .withMessageStartingWith(file + ", record at byte ");
        }
    }

    @Test
    void damageBeforeABatchThatFoundItOnTheDiskIsNamed() throws IOException {
        write(12, true);
        byte[] whole = Files.readAllBytes(file);
        long lastBatch = writtenBefore(12);
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < 300; i++) {
            byte[] flipped = whole.clone();
            int position = random.nextInt(flipped.length);
            flipped[position] ^= (byte) (1 << random.nextInt(8));
            Files.write(file, flipped);
            if (position < lastBatch) {
                assertThatExceptionOfType(DamagedDataException.class)
                        .as("byte %d", position)
                        .isThrownBy(() -> read(UNKNOWN))
                        .withMessageStartingWith(file + ", record at byte ");
            } else {
                // Nothing tells it from the end that a crash leaves.
                assertThat(read(UNKNOWN).mark().lastVersion())
                        .as("byte %d", position)
                        .isEqualTo(11);
            }
        }
    }

    @Test
    void aHoleThatACrashLeftInBatchesThatWereNeverForcedIsATornEnd() throws IOException {
        write(6, false);
        byte[] bytes = Files.readAllBytes(file);
        int hole = (int) writtenBefore(4);
        Arrays.fill(bytes, hole, hole + 10, (byte) 0);
        Files.write(file, bytes);
        assertThat(read(UNKNOWN).mark().lastVersion()).isEqualTo(3);
    }

    @Test
    void aBatchThatTheDiskRefusedIsTakenBack() throws IOException {
        FailingDisk disk = new FailingDisk();
        try (BatchLog log = BatchLog.create(disk, file, 7, Contents.DIMENSION)) {
            log.append(List.of(batch(1)), true);
            long size = Files.size(file);

            disk.room(10);
            assertThatIOException()
                    .isThrownBy(() -> log.append(List.of(batch(2), batch(3)), true))
                    .withMessage(FailingDisk.FULL);
            assertThat(Files.size(file)).isEqualTo(size);

            disk.failTruncate();
            disk.room(10);
            assertThatIOException().isThrownBy(() -> log.append(List.of(batch(2)), true));
            assertThat(Files.size(file)).isGreaterThan(size);
            assertThatIOException().isThrownBy(log::force);

            disk.heal();
            log.append(List.of(batch(2)), true);
            assertThat(log.mark()).isEqualTo(new Mark(7, Files.size(file), 2));
        }
        Contents.assertSame(read(UNKNOWN).state(), Contents.at(2), "after the failures");
    }

    @Test
    void afterAForceThatFailedNothingIsAcknowledgedUntilItIsOpenedAgain() throws IOException {
        FailingDisk disk = new FailingDisk();
        Mark end;
        try (BatchLog log = BatchLog.create(disk, file, 7, Contents.DIMENSION)) {
            log.append(List.of(batch(1)), true);
            end = log.mark();
            disk.failForce();
            assertThatIOException().isThrownBy(() -> log.append(List.of(batch(2)), true));
            assertThat(Files.size(file)).isEqualTo(end.end());
            disk.heal();

            // The system may have dropped what it could not write, and would not say so again.
            assertThatIOException()
                    .isThrownBy(() -> log.append(List.of(batch(2)), true))
                    .withMessage("log 7 could not be forced before, and has to be opened again");
            assertThatIOException().isThrownBy(log::force);
            assertThat(log.mark()).isEqualTo(end);
        }
        try (BatchLog log = BatchLog.reopen(disk, file, end)) {
            log.append(List.of(batch(2)), true);
        }
        Contents.assertSame(read(UNKNOWN).state(), Contents.at(2), "opened again");
    }

    private Mark write(int count, boolean forced) throws IOException {
        Files.deleteIfExists(file);
        try (BatchLog log = BatchLog.create(new FailingDisk(), file, 7, Contents.DIMENSION)) {
            for (int version = 1; version <= count; version++) {
                log.append(List.of(batch(version)), forced);
            }
            return log.mark();
        }
    }

    /** Returns where a batch begins in the file of {@link #write}. */
    private static long writtenBefore(int version) {
        long position = BatchLog.HEADER_BYTES;
        for (int i = 1; i < version; i++) {
            position += BatchLog.encode(batch(i)).length + BatchLog.RECORD_OVERHEAD;
        }
        return position;
    }

    private static WriteBatch batch(long version) {
        Contents.Change change = Contents.change(version);
        return new WriteBatch(version, change.removed(), change.upserts());
    }

    private Read read(Mark known) {
        Map<String, VectorItem> state = new TreeMap<>();
        try (BatchLogReader reader = BatchLogReader.open(file, known, Contents.DIMENSION)) {
            Mark mark = reader.read(0, batch -> new Contents.Change(batch.removed(), batch.upserts()).applyTo(state));
            return new Read(mark, state);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
