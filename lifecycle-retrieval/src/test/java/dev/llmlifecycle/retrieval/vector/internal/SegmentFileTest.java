package dev.llmlifecycle.retrieval.vector.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.store.embedding.filter.comparison.IsEqualTo;
import dev.llmlifecycle.api.DamagedDataException;
import dev.llmlifecycle.api.LifecycleException;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

@NullMarked
class SegmentFileTest {

    private static final MetadataIndexing INDEXING = new InvertedMetadataIndexing();
    private static final long SEED = 20_261_125;

    @TempDir
    Path directory;

    @Test
    void isReadAsItWasWritten() {
        for (int size : List.of(0, 1, 2, 63, 500)) {
            HeapSegment segment = Contents.segment(size, new SplittableRandom(SEED), size > 1, INDEXING);
            SegmentContent mapped = open(write(segment));
            Contents.assertSame(mapped, segment);
            IsEqualTo filter = new IsEqualTo("string", "value 3");
            assertThat(mapped.metadataIndex().matching(filter, Bits.all(size)))
                    .isEqualTo(segment.metadataIndex().matching(filter, Bits.all(size)));
        }
    }

    @Test
    void rowsBeginAtCacheLinesAndSpanBlocks() {
        int dimension = 30_000;
        List<VectorItem> items = List.of(
                new VectorItem("a", vector(dimension, 1), "x".repeat(3 << 20), new Metadata()),
                new VectorItem("b", vector(dimension, 2), null, new Metadata()));
        HeapSegment segment = new HeapSegment(dimension, items, Optional.empty(), INDEXING);
        SegmentContent mapped = open(write(segment));
        Contents.assertSame(mapped, segment);
        float[] rows = new float[2 * Rows.length(dimension)];
        mapped.readRows(0, 2, rows, 0);
        assertThat(rows).isEqualTo(segment.heapRows().orElseThrow());
    }

    @Test
    void aFlippedByteIsNamedOrChangesNothing() throws IOException {
        HeapSegment segment = Contents.segment(100, new SplittableRandom(SEED), true, INDEXING);
        Path file = write(segment);
        byte[] whole = Files.readAllBytes(file);
        SplittableRandom random = new SplittableRandom(SEED);
        int named = 0;
        for (int i = 0; i < 300; i++) {
            byte[] flipped = whole.clone();
            int position = random.nextInt(flipped.length);
            flipped[position] ^= (byte) (1 << random.nextInt(8));
            Files.write(file, flipped);
            try {
                MappedSegment mapped = open(file);
                List<DamagedDataException> damages = mapped.verify();
                try {
                    Contents.assertSame(mapped, segment);
                    mapped.metadataIndex();
                    assertThat(damages).as("byte %d", position).isEmpty();
                } catch (DamagedDataException e) {
                    named++;
                    assertThat(e).hasMessageContaining(file.toString()).hasMessageContaining("block");
                    assertThat(damages).hasSize(1);
                    assertThat(damages.get(0)).hasMessage(e.getMessage());
                }
            } catch (DamagedDataException e) {
                named++;
                assertThat(e.source()).as("byte %d", position).isEqualTo(file.toString());
            }
        }
        assertThat(named).isGreaterThan(250);
    }

    @Test
    void damageInOneBlockLeavesTheOthersReadable() throws IOException {
        HeapSegment segment = Contents.segment(200, new SplittableRandom(SEED), false, INDEXING);
        Path file = write(segment);
        byte[] bytes = Files.readAllBytes(file);
        int text = indexOf(bytes, segment.text(7).or(() -> segment.text(8)).orElseThrow());
        bytes[text]++;
        Files.write(file, bytes);
        MappedSegment mapped = open(file);
        assertThat(mapped.id(7)).isEqualTo(segment.id(7));
        assertThat(mapped.ordinal(segment.id(9))).isEqualTo(9);
        float[] row = new float[Rows.LINE];
        mapped.readRows(7, 1, row, 0);
        assertThatExceptionOfType(DamagedDataException.class)
                .isThrownBy(() -> mapped.text(7))
                .withMessageStartingWith(file + ", block 0 of the texts and metadata at byte ")
                .withMessageEndingWith(
                        ": the checksum does not fit; restore the directory from a backup, or fill the index again");
    }

    @Test
    void aFileThatIsCutOrGrewIsNotOpened() throws IOException {
        Path file = write(Contents.segment(40, new SplittableRandom(SEED), true, INDEXING));
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length += length < 80 ? 1 : 97) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThatExceptionOfType(DamagedDataException.class)
                    .as("%d bytes", length)
                    .isThrownBy(() -> open(file))
                    .withMessageStartingWith(file.toString());
        }
        Files.write(file, Arrays.copyOf(whole, whole.length + 1));
        assertThatExceptionOfType(DamagedDataException.class).isThrownBy(() -> open(file));
    }

    @Test
    void aFileThatIsCutWhileItIsMappedEndsNoProcess() throws IOException {
        int dimension = 1 << 20;
        List<VectorItem> items = List.of(
                new VectorItem("a", vector(dimension, 1), null, new Metadata()),
                new VectorItem("b", vector(dimension, 2), null, new Metadata()));
        Path file = write(new HeapSegment(dimension, items, Optional.empty(), INDEXING));
        MappedSegment mapped = open(file);
        try (WritableFile cut = Disk.local().open(file)) {
            cut.truncate(6 << 20);
        }
        float[] row = new float[dimension];
        mapped.readRows(0, 1, row, 0);
        // The virtual machine may tell it a little later than where it happens.
        assertThatThrownBy(() -> mapped.readRows(1, 1, row, 0))
                .isInstanceOfAny(DamagedDataException.class, InternalError.class);
    }

    @Test
    void aNewerFormatIsRefusedByItsVersion() throws IOException {
        Path file = write(Contents.segment(3, new SplittableRandom(SEED), false, INDEXING));
        byte[] bytes = Files.readAllBytes(file);
        byte[] header = new Encoder()
                .bytes("LLMVECSG".getBytes(StandardCharsets.US_ASCII))
                .u32(2)
                .u64(1)
                .checksum()
                .toByteArray();
        System.arraycopy(header, 0, bytes, 0, header.length);
        Files.write(file, bytes);
        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(() -> open(file))
                .withMessage("Opening " + file + " failed: its format version is 2 and this library reads up to 1;"
                        + " use the library that wrote it, or a later one");
    }

    private Path write(SegmentContent segment) {
        Path file = directory.resolve("segment");
        try {
            Files.deleteIfExists(file);
            try (WritableFile out = Disk.local().open(file)) {
                SegmentFile.write(out, 1, segment);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file;
    }

    private static MappedSegment open(Path file) {
        try {
            return MappedSegment.open(file, 1, INDEXING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static float[] vector(int dimension, float value) {
        float[] vector = new float[dimension];
        for (int i = 0; i < dimension; i++) {
            vector[i] = value + i;
        }
        return vector;
    }

    private static int indexOf(byte[] bytes, String text) {
        byte[] wanted = text.getBytes(StandardCharsets.UTF_8);
        int at = 0;
        while (!Arrays.equals(bytes, at, at + wanted.length, wanted, 0, wanted.length)) {
            at++;
        }
        return at;
    }
}
