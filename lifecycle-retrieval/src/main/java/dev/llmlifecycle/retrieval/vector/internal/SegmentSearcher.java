package dev.llmlifecycle.retrieval.vector.internal;

import org.jspecify.annotations.Nullable;

/** Finds the nearest rows of one segment; thread-safe, without locks. */
public interface SegmentSearcher {

    /**
     * Offers the nearest of the allowed rows.
     *
     * @param query padded as rows are
     * @param width how many near rows a graph search keeps in sight, at least as many as are wanted
     * @param allowed the rows that count, or null when all do
     * @param nearest takes the rows
     * @param progress counts what it costs
     */
    void search(float[] query, int width, @Nullable Bits allowed, NearestRows nearest, SearchProgress progress);

    /** Returns the searcher that fits a segment: its graph, or all of its rows. */
    static SegmentSearcher of(SegmentContent segment, Metric metric, VectorMath math) {
        RowSource rows = RowSource.of(segment);
        ExactSearcher exact = new ExactSearcher(rows, segment.size(), segment.dimension(), metric, math);
        return segment.graph()
                .<SegmentSearcher>map(graph ->
                        new GraphSearcher(graph, rows, segment.size(), segment.dimension(), metric, math, exact))
                .orElse(exact);
    }

    /** Returns the searcher of a graph over rows on the heap, each padded. */
    static SegmentSearcher of(
            float[] rows, int size, int dimension, GraphContent graph, Metric metric, VectorMath math) {
        RowSource source = new RowSource.Flat(rows, size, Rows.length(dimension));
        return new GraphSearcher(
                graph, source, size, dimension, metric, math, new ExactSearcher(source, size, dimension, metric, math));
    }

    /** Returns the searcher that compares every row of a segment. */
    static SegmentSearcher exact(SegmentContent segment, Metric metric, VectorMath math) {
        return new ExactSearcher(RowSource.of(segment), segment.size(), segment.dimension(), metric, math);
    }
}
