package dev.llmlifecycle.retrieval.vector.internal;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.store.embedding.filter.Filter;
import dev.llmlifecycle.api.DamagedDataException;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchRuntimeException;

/** Whatever the metadata and the filter, an index says what the filter says of each row. */
@NullMarked
final class MetadataIndexPropertyTest {

    private static final int FILTERS = 60;

    @ParameterizedTest
    @MethodSource("dev.llmlifecycle.api.Seeds#some")
    void everyFilterIsAnsweredAsTheFilterItselfDoes(SplittableRandom random) {
        RandomFilters filters = new RandomFilters(random);
        List<@Nullable Metadata> rows = filters.rows(random.nextInt(200));
        IntFunction<Metadata> metadata = rows::get;
        GrowingMetadataIndex growing = new GrowingMetadataIndex();
        rows.forEach(growing::add);
        MetadataIndex sealed = new InvertedMetadataIndexing().build(rows.size(), metadata);
        MetadataIndex read = new InvertedMetadataIndexing().read(bytes(sealed), rows.size(), metadata);

        for (int i = 0; i < FILTERS; i++) {
            Filter filter = filters.filter(3);
            Bits candidates = candidates(random, rows.size());
            Object expected = outcome(
                    () -> candidates.filter(row -> rows.get(row) != null).filter(row -> filter.test(rows.get(row))));

            assertThat(outcome(() -> growing.matching(filter, candidates, metadata)))
                    .as("%s", filter)
                    .isEqualTo(expected);
            assertThat(outcome(() -> sealed.matching(filter, candidates)))
                    .as("%s", filter)
                    .isEqualTo(expected);
            assertThat(outcome(() -> read.matching(filter, candidates)))
                    .as("%s", filter)
                    .isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.llmlifecycle.api.Seeds#some")
    void aGrowingIndexAnswersForTheRowsOfASnapshot(SplittableRandom random) {
        RandomFilters filters = new RandomFilters(random);
        List<@Nullable Metadata> rows = filters.rows(50);
        GrowingMetadataIndex growing = new GrowingMetadataIndex();
        rows.forEach(growing::add);
        Filter filter = filters.filter(2);
        int size = random.nextInt(50);

        assertThat(outcome(() -> growing.matching(filter, Bits.all(size), rows::get)))
                .isEqualTo(outcome(() ->
                        Bits.all(size).filter(row -> rows.get(row) != null).filter(row -> filter.test(rows.get(row)))));
    }

    @ParameterizedTest
    @MethodSource("dev.llmlifecycle.api.Seeds#some")
    void damagedBytesAreCalledDamagedOrAnswered(SplittableRandom random) {
        RandomFilters filters = new RandomFilters(random);
        List<@Nullable Metadata> rows = filters.rows(40);
        byte[] bytes =
                bytes(new InvertedMetadataIndexing().build(40, rows::get)).array();
        if (random.nextBoolean()) {
            bytes = java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length));
        } else {
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        }
        ByteBuffer section = ByteBuffer.wrap(bytes);

        RuntimeException problem = catchRuntimeException(() -> {
            MetadataIndex index = new InvertedMetadataIndexing().read(section, 40, rows::get);
            for (int i = 0; i < FILTERS; i++) {
                outcome(() -> index.matching(filters.filter(2), Bits.all(40)));
            }
        });

        assertThat(Optional.ofNullable(problem))
                .satisfiesAnyOf(
                        none -> assertThat(none).isEmpty(),
                        some -> assertThat(some).get().isInstanceOf(DamagedDataException.class));
    }

    private static Bits candidates(SplittableRandom random, int size) {
        int share = random.nextInt(1, 101);
        BitSet candidates = new BitSet();
        IntStream.range(0, size).filter(row -> random.nextInt(100) < share).forEach(candidates::set);
        return Bits.of(candidates, size);
    }

    private interface Answer {
        Bits bits();
    }

    /** Returns the bits, or that something is thrown: which row is asked first is not promised. */
    private static Object outcome(Answer answer) {
        try {
            return answer.bits();
        } catch (IllegalArgumentException | ClassCastException e) {
            return "throws";
        }
    }

    private static ByteBuffer bytes(MetadataIndex index) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            index.writeTo(new DataOutputStream(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return ByteBuffer.wrap(bytes.toByteArray());
    }
}
