package dev.llmlifecycle.retrieval.vector.internal;

import org.jspecify.annotations.Nullable;

/** Compares every allowed row with the query. */
final class ExactSearcher implements SegmentSearcher {

    private static final int BLOCK = 256;

    private final RowSource rows;
    private final int size;
    private final int length;
    private final Metric metric;
    private final VectorMath math;

    ExactSearcher(RowSource rows, int size, int dimension, Metric metric, VectorMath math) {
        this.rows = rows;
        this.size = size;
        this.length = Rows.length(dimension);
        this.metric = metric;
        this.math = math;
    }

    @Override
    public void search(float[] query, int width, @Nullable Bits allowed, NearestRows nearest, SearchProgress progress) {
        progress.exactSegment();
        float[] scratch = new float[rows.scratchFloats(length)];
        int from = allowed == null ? 0 : allowed.next(0);
        while (from >= 0 && from < size) {
            // A run of allowed rows that lie one after the other.
            int count = Math.min(BLOCK, rows.adjacent(from));
            if (allowed != null) {
                count = run(allowed, from, count);
            }
            float[] array = rows.read(from, count, scratch);
            int offset = rows.offset(from);
            for (int i = 0; i < count; i++, offset += length) {
                nearest.offer(from + i, metric.closeness(math, query, 0, array, offset, length));
            }
            progress.compared(count);
            from += count;
            if (allowed != null) {
                from = allowed.next(from);
            }
        }
    }

    private static int run(Bits allowed, int from, int most) {
        int count = 1;
        while (count < most && allowed.get(from + count)) {
            count++;
        }
        return count;
    }
}
