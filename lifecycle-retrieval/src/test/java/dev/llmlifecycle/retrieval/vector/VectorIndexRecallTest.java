package dev.llmlifecycle.retrieval.vector;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.store.embedding.filter.Filter;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static dev.langchain4j.store.embedding.filter.MetadataFilterBuilder.metadataKey;
import static org.assertj.core.api.Assertions.assertThat;

/** What graphs find, compared with all there is; their levels are drawn anew each time, so that bounds have room. */
@NullMarked
final class VectorIndexRecallTest {

    private static final int DIMENSION = 16;
    private static final int SIZE = 4_000;
    private static final int WIDTH = 40;

    private static final ClusteredVectors VECTORS = new ClusteredVectors(DIMENSION, 40, 11);
    private static final VectorIndex SHARED = open();

    private static VectorIndex open() {
        return VectorIndex.builder(DIMENSION)
                .exactLimit(1_000)
                .graph(16, 80)
                .width(WIDTH)
                .build();
    }

    @BeforeAll
    static void fill() {
        SHARED.addAll(entries(0, SIZE));
        SHARED.awaitBackground();
    }

    @AfterAll
    static void close() {
        SHARED.close();
    }

    private static List<VectorEntry> entries(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> VectorEntry.of("id-" + i, VECTORS.next(), new Metadata().put("number", i % 1000)))
                .toList();
    }

    private static List<VectorQuery> queries(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> VectorQuery.of(VECTORS.next(), 10))
                .toList();
    }

    private static double recall(VectorIndex index, List<VectorQuery> queries) {
        RecallMeter meter = new RecallMeter();
        for (VectorQuery query : queries) {
            VectorSnapshot snapshot = index.snapshot();
            meter.add(snapshot.search(query), snapshot.search(query.asExact()));
        }
        return meter.recall();
    }

    @Test
    void aGraphFindsTheNearest() {
        VectorSearchResult result = SHARED.search(VectorQuery.of(VECTORS.next(), 10));

        assertThat(result.explanation().graphSegments()).isEqualTo(1);
        assertThat(result.explanation().exactSegments()).isZero();
        assertThat(result.explanation().exact()).isFalse();
        assertThat(result.explanation().distances()).isLessThan(SIZE / 2);
        assertThat(recall(SHARED, queries(200))).isGreaterThan(0.95);
    }

    @ParameterizedTest
    @CsvSource({"500, 0.5", "100, 0.1", "10, 0.01", "1, 0.001"})
    void filtersTakeNothingFromTheRecall(int below, double selectivity) {
        Filter filter = metadataKey("number").isLessThan(below);
        List<VectorQuery> queries = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            queries.add(VectorQuery.builder(VECTORS.next()).filter(filter).build());
        }

        VectorSearchResult result = SHARED.search(queries.get(0));

        assertThat(result.explanation().selectivity()).hasValue(selectivity);
        assertThat(result.matches()).hasSize(Math.min(10, below * SIZE / 1000));
        assertThat(result.matches())
                .allSatisfy(match ->
                        assertThat(match.metadata().getInteger("number")).isLessThan(below));
        assertThat(recall(SHARED, queries)).isGreaterThanOrEqualTo(0.95);
    }

    @Test
    void aWidthOfAQueryCounts() {
        VectorQuery narrow = VectorQuery.builder(VECTORS.next()).k(5).width(5).build();

        assertThat(SHARED.search(narrow).explanation().distances())
                .isLessThan(SHARED.search(narrow.withWidth(50)).explanation().distances());
    }

    @Test
    void askingForMoreThanThereIsGivesAll() {
        assertThat(SHARED.search(VectorQuery.of(VECTORS.next(), SIZE + 1)).matches())
                .hasSize(SIZE);
    }

    @Test
    void tuningChoosesTheWidthAndSaysWhatItMeasured() {
        try (VectorIndex index = open()) {
            index.addAll(entries(0, SIZE));
            index.awaitBackground();

            RecallEstimate low = index.tune(0.8, queries(100));
            RecallEstimate high = index.tune(0.99, queries(100));

            assertThat(low.width()).isLessThan(high.width());
            assertThat(high.recall()).isGreaterThan(0.96);
            assertThat(high.queries()).isEqualTo(50);
            assertThat(high.interval().contains(high.recall())).isTrue();
            VectorQuery query = queries(1).get(0);
            assertThat(index.search(query).explanation())
                    .isEqualTo(index.search(query.withWidth(high.width())).explanation());
        }
    }

    @Test
    void answersAreComparedInPassing() {
        try (VectorIndex index = VectorIndex.builder(DIMENSION)
                .exactLimit(1_000)
                .graph(8, 30)
                .width(10)
                .probeEvery(2)
                .executor(Runnable::run)
                .build()) {
            assertThat(index.probedRecall()).isEmpty();
            index.addAll(entries(0, 1_000));

            queries(10).forEach(index::search);

            RecallEstimate probed = index.probedRecall().orElseThrow();
            assertThat(probed.queries()).isEqualTo(5);
            assertThat(probed.recall()).isBetween(0.5, 1.0);
        }
    }

    @Test
    void whatCameSinceAndWhatWentIsSeenBesideAGraphAndMergedAway() {
        try (VectorIndex index = open()) {
            index.addAll(entries(0, 2_000));
            index.awaitBackground();
            index.addAll(entries(2_000, 2_500));
            VectorSearchResult mixed =
                    index.search(VectorQuery.builder(VECTORS.next()).width(20).build());
            assertThat(mixed.explanation().graphSegments()).isEqualTo(1);
            assertThat(mixed.explanation().exactSegments()).isEqualTo(1);
            assertThat(recall(index, queries(100))).isGreaterThan(0.95);

            index.remove(IntStream.range(0, 400).mapToObj(i -> "id-" + i).toList());
            VectorQuery query = VectorQuery.builder(VECTORS.next()).width(20).build();
            assertThat(index.search(query).explanation().graphSegments()).isEqualTo(1);
            assertThat(recall(index, queries(100))).isGreaterThan(0.95);
            assertThat(rows(index)).isEqualTo(2_500);

            index.remove(IntStream.range(400, 900).mapToObj(i -> "id-" + i).toList());
            index.awaitBackground();
            assertThat(rows(index)).isEqualTo(1_600);

            index.compact();
            assertThat(index.size()).isEqualTo(1_600);
            assertThat(index.search(query).explanation().graphSegments()).isEqualTo(1);
            assertThat(index.search(query).explanation().exactSegments()).isZero();
            assertThat(recall(index, queries(100))).isGreaterThan(0.95);
        }
    }

    private static int rows(VectorIndex index) {
        return index.snapshot().segments().stream()
                .mapToInt(segment -> segment.content().size())
                .sum();
    }
}
