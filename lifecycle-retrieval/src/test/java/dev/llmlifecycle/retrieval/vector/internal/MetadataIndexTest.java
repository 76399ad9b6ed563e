package dev.llmlifecycle.retrieval.vector.internal;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.store.embedding.filter.Filter;
import dev.langchain4j.store.embedding.filter.comparison.ContainsString;
import dev.llmlifecycle.api.DamagedDataException;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

import static dev.langchain4j.store.embedding.filter.MetadataFilterBuilder.metadataKey;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

@NullMarked
final class MetadataIndexTest {

    private static final int MANY = 10_000;

    private final List<Metadata> rows = new ArrayList<>();
    private final AtomicInteger asked = new AtomicInteger();

    @Test
    void aValueThatManyRowsHaveIsNotReadForOneCandidate() {
        IntStream.range(0, MANY).forEach(row -> rows.add(Metadata.from("kind", "note")));
        MetadataIndex index = index();

        assertThat(index.matching(metadataKey("kind").isEqualTo("note"), only(7)))
                .isEqualTo(only(7));
        assertThat(asked).hasValue(1);
        assertThat(index.matching(metadataKey("kind").isEqualTo("note"), Bits.all(MANY)))
                .isEqualTo(Bits.all(MANY));
        assertThat(asked).hasValue(1);
    }

    @Test
    void manyStringsAreNotLookedIntoForOneCandidate() {
        IntStream.range(0, MANY).forEach(row -> rows.add(Metadata.from("name", "number " + row)));
        MetadataIndex index = index();
        Filter filter = new ContainsString("name", "number 7");

        assertThat(index.matching(filter, only(7))).isEqualTo(only(7));
        assertThat(asked).hasValue(1);
        assertThat(index.matching(filter, Bits.all(MANY)).cardinality()).isEqualTo(1111);
        assertThat(asked).hasValue(1);
    }

    @Test
    void uniqueNumbersAreFoundByTheirRange() {
        IntStream.range(0, MANY).forEach(row -> rows.add(new Metadata().put("time", 1_700_000_000_000L + row)));

        Bits found = index().matching(
                        metadataKey("time").isBetween(1_700_000_000_100L, 1.700_000_000_199E12), Bits.all(MANY));

        assertThat(found.cardinality()).isEqualTo(100);
        assertThat(found.next(0)).isEqualTo(100);
        assertThat(asked).hasValue(0);
    }

    @Test
    void aRowThatCannotBeComparedIsToldAsTheFilterTellsIt() {
        rows.add(new Metadata().put("year", 2024));
        rows.add(Metadata.from("year", "2025"));
        MetadataIndex index = index();
        Filter filter = metadataKey("year").isGreaterThan(2023);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> index.matching(filter, Bits.all(2)))
                .withMessageStartingWith("Type mismatch: actual value of metadata key \"year\" (2025)");
        assertThat(index.matching(filter, Bits.ofWords(new long[] {1}, 2)).cardinality())
                .isEqualTo(1);
    }

    @Test
    void aReaderSeesTheRowsOfItsSnapshotWhileMoreAreAdded() throws InterruptedException {
        IntStream.range(0, MANY)
                .forEach(row -> rows.add(new Metadata().put("even", row % 2).put("row", row)));
        GrowingMetadataIndex growing = new GrowingMetadataIndex();
        Thread writer = new Thread(() -> rows.forEach(growing::add));
        writer.start();
        int size;
        do {
            size = growing.size();
            Filter filter =
                    metadataKey("even").isEqualTo(0).and(metadataKey("row").isGreaterThanOrEqualTo(0));
            assertThat(growing.matching(filter, Bits.all(size), rows::get).cardinality())
                    .isEqualTo((size + 1) / 2);
        } while (size < MANY);
        writer.join();
    }

    @Test
    void rowsThatAreNotThereYetCannotBeCandidates() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new GrowingMetadataIndex()
                        .matching(metadataKey("a").isEqualTo("b"), Bits.all(1), row -> new Metadata()))
                .withMessage("a filter was asked for 1 rows but there are 0; use candidates of this segment");
    }

    @Test
    void anIndexOfOtherRowsOrVersionIsRefused() {
        ByteBuffer section = ByteBuffer.wrap(new byte[] {2, 0, 0, 0, 5, 0, 0, 0});

        assertThatExceptionOfType(DamagedDataException.class)
                .isThrownBy(() -> new InvertedMetadataIndexing().read(section, 4, row -> new Metadata()))
                .withMessage(
                        "the metadata index of a segment, byte 0: version 2 of 5 rows was found but version 1 of 4 was "
                                + "expected; restore the index from a backup");
    }

    private MetadataIndex index() {
        MetadataIndex index = new InvertedMetadataIndexing().build(rows.size(), row -> {
            asked.incrementAndGet();
            return rows.get(row);
        });
        asked.set(0);
        return index;
    }

    private static Bits only(int row) {
        BitSet set = new BitSet();
        set.set(row);
        return Bits.of(set, MANY);
    }
}
