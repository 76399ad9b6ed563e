package dev.llmlifecycle.retrieval.vector.internal;

import java.util.BitSet;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

import dev.langchain4j.data.document.Metadata;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

@NullMarked
class GraphSearcherTest {

    private static final int DIMENSION = 32;
    private static final int CENTRES = 40;
    private static final int SIZE = 3_000;
    private static final int K = 10;
    private static final int WIDTH = 32;
    private static final int QUERIES = 80;

    /** Of what a row costs in a walk, when one in a scan costs one; the same as the searcher takes it for. */
    private static final double WALK_COST = 4;

    private static final Fixture FIXTURE = new Fixture(Metric.INNER_PRODUCT);

    /** One graph for all tests that only read it. */
    private static final class Fixture {

        final Clusters clusters = new Clusters(20_260_116, DIMENSION, CENTRES);
        final HeapSegment segment;
        final int[] centre;
        final SegmentSearcher graph;
        final SegmentSearcher exact;

        Fixture(Metric metric) {
            float[] rows = clusters.rows(SIZE);
            HnswGraphBuilder.Ordered ordered = new HnswGraphBuilder(metric, VectorMath.best(), 16, 60)
                    .build(rows, SIZE, DIMENSION, new Workers(task -> new Thread(task).start(), 2), () -> true)
                    .orElseThrow();
            int length = Rows.length(DIMENSION);
            float[] sorted = new float[rows.length];
            Payload[] payloads = new Payload[SIZE];
            centre = new int[SIZE];
            for (int row = 0; row < SIZE; row++) {
                int old = ordered.order()[row];
                System.arraycopy(rows, old * length, sorted, row * length, length);
                payloads[row] = new Payload("row-" + old, null, new Metadata());
                centre[row] = old % CENTRES;
            }
            segment = new HeapSegment(
                    DIMENSION, sorted, payloads, Optional.of(ordered.graph()), new ScanningMetadataIndexing());
            graph = SegmentSearcher.of(segment, metric, VectorMath.best());
            exact = SegmentSearcher.exact(segment, metric, VectorMath.best());
        }
    }

    /** What some searches found and cost. */
    private record Measured(double recall, double distances, double cost) {}

    @ParameterizedTest
    @EnumSource(Metric.class)
    void findsNearlyAllThatIsNear(Metric metric) {
        Fixture fixture = metric == Metric.INNER_PRODUCT ? FIXTURE : new Fixture(metric);

        Measured measured = measure(fixture, null);

        assertThat(measured.recall()).isGreaterThanOrEqualTo(0.95);
        assertThat(measured.distances()).isLessThan(SIZE / 3.0);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.9, 0.5, 0.1, 0.01, 0.001})
    void findsNearlyAllThatAFilterAllowsAndDoesNotWalkForLong(double share) {
        SplittableRandom random = new SplittableRandom(7);

        requireRecallAndCost(allowed(row -> random.nextDouble() < share));
    }

    @Test
    void aWalkComparesAllowedRowsOnlyWhereFewAreAllowed() {
        SplittableRandom random = new SplittableRandom(7);
        Bits allowed = allowed(row -> random.nextInt(100) < 32);
        int width = 7;
        int k = 5;
        int found = 0;
        int byGraph = 0;
        long distances = 0;
        for (int i = 0; i < QUERIES; i++) {
            float[] query = FIXTURE.clusters.query(i % CENTRES);
            NearestRows nearest = new NearestRows(k, Integer::compare);
            SearchProgress progress = ignored();

            FIXTURE.graph.search(query, width, allowed, nearest, progress);

            byGraph += progress.graphSegments();
            distances += progress.distances();
            Set<Integer> near = rows(search(FIXTURE, FIXTURE.exact, query, k, allowed, ignored()));
            assertThat(rows(nearest)).hasSize(k).allMatch(allowed::get);
            near.retainAll(rows(nearest));
            found += near.size();
        }
        assertThat(byGraph).isGreaterThan(QUERIES / 2);
        assertThat(distances / QUERIES).isLessThan(allowed.cardinality() / 2);
        assertThat(found).isGreaterThan(QUERIES * k * 8 / 10);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 20, 39})
    void findsNearlyAllThatIsAllowedWhenItIsInOtherPlacesThanTheQuery(int centres) {
        // Queries are near all centres; a filter that goes with topics has nothing near most of them.
        requireRecallAndCost(allowed(row -> FIXTURE.centre[row] < centres));
    }

    @Test
    void findsWhatIsAllowedAndNothingElse() {
        Bits few = allowed(row -> row % 500 == 3);

        NearestRows nearest = search(FIXTURE, FIXTURE.graph, FIXTURE.clusters.query(0), 50, few, ignored());

        assertThat(rows(nearest))
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, SIZE).filter(few::get).boxed().toList());
    }

    @Test
    void findsAllWhenAsManyAsThereAreAreWanted() {
        NearestRows nearest = search(FIXTURE, FIXTURE.graph, FIXTURE.clusters.query(3), SIZE, null, ignored());

        assertThat(rows(nearest)).hasSize(SIZE);
    }

    @Test
    void rowsInAFileAreFoundAsThoseOnTheHeap() {
        SegmentSearcher copied =
                SegmentSearcher.of(new NotOnHeap(FIXTURE.segment), Metric.INNER_PRODUCT, VectorMath.best());
        Bits half = allowed(row -> row % 2 == 0);
        for (int i = 0; i < 20; i++) {
            float[] query = FIXTURE.clusters.query(i);
            assertThat(rows(search(FIXTURE, copied, query, K, null, ignored())))
                    .isEqualTo(rows(search(FIXTURE, FIXTURE.graph, query, K, null, ignored())));
            assertThat(rows(search(FIXTURE, copied, query, K, half, ignored())))
                    .isEqualTo(rows(search(FIXTURE, FIXTURE.graph, query, K, half, ignored())));
        }
    }

    @Test
    void aSearchThatIsStoppedLeavesTheSearcherWhole() {
        AtomicInteger checks = new AtomicInteger();
        for (int i = 0; i < 300; i++) {
            float[] query = FIXTURE.clusters.query(i % CENTRES);
            assertThatIllegalStateException()
                    .isThrownBy(() -> search(FIXTURE, FIXTURE.graph, query, 400, null, new SearchProgress(() -> {
                        checks.incrementAndGet();
                        throw new IllegalStateException("stopped");
                    })));
        }

        assertThat(checks).hasValue(300);
        assertThat(measure(FIXTURE, null).recall()).isGreaterThanOrEqualTo(0.95);
    }

    private static void requireRecallAndCost(Bits allowed) {
        Measured measured = measure(FIXTURE, allowed);
        double unfiltered = measure(FIXTURE, null).distances();

        assertThat(measured.recall()).as("recall, %s allowed", allowed).isGreaterThanOrEqualTo(0.95);
        assertThat(measured.cost())
                .as("cost, %s allowed, unfiltered %s distances", allowed, unfiltered)
                .isLessThanOrEqualTo(Math.max(1.2 * allowed.cardinality(), 3 * WALK_COST * unfiltered));
    }

    /** Measures searches near all centres in turn; what a walk compares costs more than what a scan does. */
    private static Measured measure(Fixture fixture, @Nullable Bits allowed) {
        int expected = 0;
        int found = 0;
        double distances = 0;
        double cost = 0;
        for (int i = 0; i < QUERIES; i++) {
            float[] query = fixture.clusters.query(i % CENTRES);
            SearchProgress progress = ignored();
            Set<Integer> near = rows(search(fixture, fixture.graph, query, K, allowed, progress));
            Set<Integer> nearest = rows(search(fixture, fixture.exact, query, K, allowed, ignored()));
            expected += nearest.size();
            nearest.retainAll(near);
            found += nearest.size();
            distances += progress.distances();
            int scanned = progress.exactSegments() == 0 ? 0 : allowed == null ? SIZE : allowed.cardinality();
            cost += WALK_COST * (progress.distances() - scanned) + scanned;
        }
        return new Measured((double) found / expected, distances / QUERIES, cost / QUERIES);
    }

    private static NearestRows search(
            Fixture fixture,
            SegmentSearcher searcher,
            float[] query,
            int k,
            @Nullable Bits allowed,
            SearchProgress progress) {
        int most = Math.min(k, allowed == null ? SIZE : allowed.cardinality());
        NearestRows nearest = new NearestRows(
                Math.max(1, most), (a, b) -> fixture.segment.id(a).compareTo(fixture.segment.id(b)));
        searcher.search(query, Math.max(WIDTH, k), allowed, nearest, progress);
        return nearest;
    }

    private static Bits allowed(IntPredicate test) {
        BitSet bits = new BitSet();
        IntStream.range(0, SIZE).filter(test).forEach(bits::set);
        return Bits.of(bits, SIZE);
    }

    private static Set<Integer> rows(NearestRows nearest) {
        Set<Integer> rows = new HashSet<>();
        for (int i = 0; i < nearest.size(); i++) {
            rows.add(nearest.row(i));
        }
        return rows;
    }

    private static SearchProgress ignored() {
        return new SearchProgress(() -> {});
    }

    /** The same rows as a segment in a file hands them out. */
    private record NotOnHeap(SegmentContent rows) implements SegmentContent {

        @Override
        public int size() {
            return rows.size();
        }

        @Override
        public int dimension() {
            return rows.dimension();
        }

        @Override
        public String id(int ordinal) {
            return rows.id(ordinal);
        }

        @Override
        public int ordinal(String id) {
            return rows.ordinal(id);
        }

        @Override
        public void readRows(int from, int count, float[] target, int offset) {
            rows.readRows(from, count, target, offset);
        }

        @Override
        public Optional<String> text(int ordinal) {
            return rows.text(ordinal);
        }

        @Override
        public Metadata metadata(int ordinal) {
            return rows.metadata(ordinal);
        }

        @Override
        public Optional<GraphContent> graph() {
            return rows.graph();
        }

        @Override
        public MetadataIndex metadataIndex() {
            return rows.metadataIndex();
        }
    }
}
