package dev.llmlifecycle.retrieval.vector;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

import dev.llmlifecycle.retrieval.vector.internal.HnswGraphBuilder;
import dev.llmlifecycle.retrieval.vector.internal.Metric;
import dev.llmlifecycle.retrieval.vector.internal.NearestRows;
import dev.llmlifecycle.retrieval.vector.internal.Rows;
import dev.llmlifecycle.retrieval.vector.internal.SearchProgress;
import dev.llmlifecycle.retrieval.vector.internal.SegmentSearcher;
import dev.llmlifecycle.retrieval.vector.internal.VectorMath;
import dev.llmlifecycle.retrieval.vector.internal.Workers;

/** Searches a graph of near vectors (HNSW), built once and never changed. */
final class GraphSearch implements VectorSearch {

    private static final int LINKS = 16;
    private static final int CONSTRUCTION_WIDTH = 200;
    private static final int LEAST_WIDTH = 100;
    private static final Metric METRIC = Metric.INNER_PRODUCT;

    private final SegmentSearcher searcher;
    /** For each row of the graph the position of its vector. */
    private final int[] positions;

    private final int rowLength;

    private GraphSearch(SegmentSearcher searcher, int[] positions, int rowLength) {
        this.searcher = searcher;
        this.positions = positions;
        this.rowLength = rowLength;
    }

    /** Builds the graph, or gives up when {@code wanted} no longer holds. */
    static Optional<GraphSearch> build(List<float[]> vectors, BooleanSupplier wanted) {
        int dimension = vectors.get(0).length;
        VectorMath math = VectorMath.best();
        int[] inOrder = new int[vectors.size()];
        Arrays.setAll(inOrder, position -> position);
        return new HnswGraphBuilder(METRIC, math, LINKS, CONSTRUCTION_WIDTH)
                .build(rows(vectors, inOrder), inOrder.length, dimension, new Workers(Runnable::run, 1), wanted)
                .map(built -> new GraphSearch(
                        SegmentSearcher.of(
                                rows(vectors, built.order()), inOrder.length, dimension, built.graph(), METRIC, math),
                        built.order(),
                        Rows.length(dimension)));
    }

    private static float[] rows(List<float[]> vectors, int[] order) {
        int length = Rows.length(vectors.get(0).length);
        float[] rows = new float[Math.multiplyExact(order.length, length)];
        for (int row = 0; row < order.length; row++) {
            float[] vector = vectors.get(order[row]);
            System.arraycopy(vector, 0, rows, row * length, vector.length);
        }
        return rows;
    }

    @Override
    public int[] nearest(float[] query, int count) {
        NearestRows nearest = new NearestRows(
                Math.min(count, positions.length), (a, b) -> Integer.compare(positions[a], positions[b]));
        searcher.search(
                Arrays.copyOf(query, rowLength),
                Math.max(LEAST_WIDTH, count),
                null,
                nearest,
                new SearchProgress(() -> {}));
        nearest.sort();
        int[] found = new int[nearest.size()];
        Arrays.setAll(found, i -> positions[nearest.row(i)]);
        return found;
    }
}
