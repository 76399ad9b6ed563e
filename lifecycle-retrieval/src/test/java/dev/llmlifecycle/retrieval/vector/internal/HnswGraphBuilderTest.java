package dev.llmlifecycle.retrieval.vector.internal;

import java.io.IOException;
import java.io.ObjectOutputStream;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;

import com.github.jelmerk.hnswlib.core.hnsw.HnswIndex;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

@NullMarked
final class HnswGraphBuilderTest {

    private static final int DIMENSION = 6;
    private static final int LINKS = 4;

    private static Optional<HnswGraphBuilder.Ordered> build(int size, Workers workers, int stopAfter) {
        SplittableRandom random = new SplittableRandom(3);
        int length = Rows.length(DIMENSION);
        float[] rows = new float[size * length];
        for (int row = 0; row < size; row++) {
            for (int i = 0; i < DIMENSION; i++) {
                rows[row * length + i] = (float) random.nextDouble();
            }
        }
        AtomicInteger asked = new AtomicInteger();
        return new HnswGraphBuilder(Metric.EUCLIDEAN, new ScalarVectorMath(), LINKS, 40)
                .build(rows, size, DIMENSION, workers, () -> asked.incrementAndGet() <= stopAfter);
    }

    private static Workers alone() {
        return new Workers(Runnable::run, 1);
    }

    @Test
    void aGraphReadBackFromHnswlibCoreHasEveryRowOnceAndLinksThatCanBeWalked() {
        int size = 700;
        HnswGraphBuilder.Ordered built = build(size, alone(), Integer.MAX_VALUE).orElseThrow();
        HeapGraph graph = built.graph();

        BitSet rows = new BitSet();
        for (int old : built.order()) {
            rows.set(old);
        }
        assertThat(rows.cardinality()).isEqualTo(size);
        assertThat(graph.topLevel()).isPositive();
        assertThat(graph.level(graph.entryPoint())).isEqualTo(graph.topLevel());
        assertThat(graph.maxDegree(0)).isBetween(LINKS, 2 * LINKS);
        for (int level = 1; level <= graph.topLevel(); level++) {
            assertThat(graph.maxDegree(level)).isLessThanOrEqualTo(LINKS);
        }
        assertThat(reached(graph, size)).isGreaterThan(size * 99 / 100);
    }

    private static int reached(HeapGraph graph, int size) {
        BitSet seen = new BitSet(size);
        Deque<Integer> todo = new ArrayDeque<>();
        seen.set(graph.entryPoint());
        todo.add(graph.entryPoint());
        int[] neighbours = new int[graph.maxDegree(0)];
        while (!todo.isEmpty()) {
            int degree = graph.neighbours(0, todo.remove(), neighbours);
            for (int i = 0; i < degree; i++) {
                if (!seen.get(neighbours[i])) {
                    seen.set(neighbours[i]);
                    todo.add(neighbours[i]);
                }
            }
        }
        return seen.cardinality();
    }

    @Test
    void oneRowIsAGraph() {
        HnswGraphBuilder.Ordered built = build(1, alone(), Integer.MAX_VALUE).orElseThrow();

        assertThat(built.order()).containsExactly(0);
        assertThat(built.graph().entryPoint()).isZero();
        assertThat(built.graph().maxDegree(0)).isZero();
    }

    @Test
    void aGraphThatIsNoLongerWantedIsNotBuilt() {
        assertThat(build(200, alone(), 100)).isEmpty();
    }

    @Test
    void anExecutorThatRunsNothingLeavesTheWorkToTheCaller() {
        Workers workers = new Workers(task -> {}, 3);

        assertThat(build(100, workers, Integer.MAX_VALUE)).isPresent();
    }

    @Test
    void whatHnswlibCoreDidNotWriteIsNotRead() throws IOException {
        HnswStream.Bytes bytes = new HnswStream.Bytes(16);
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(new BitSet());
        }

        assertThatIllegalStateException()
                .isThrownBy(() -> new HnswStream(bytes, HnswIndex.class.getName()))
                .withMessage("Reading the graph back from hnswlib-core failed: the stream has not the class"
                        + " com.github.jelmerk.hnswlib.core.hnsw.HnswIndex where version 1.2.1 has it;"
                        + " use hnswlib-core 1.2.1");
    }
}
