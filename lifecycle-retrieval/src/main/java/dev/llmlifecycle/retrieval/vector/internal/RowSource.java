package dev.llmlifecycle.retrieval.vector.internal;

/**
 * Where the vectors of a segment lie: on the heap, where they are read in place, or in a file, from where they are
 * copied.
 */
abstract class RowSource {

    private static final int COPIED_AT_ONCE = 32;

    /** Returns how many floats a scratch needs so that all adjacent rows can be read into it; none on the heap. */
    int scratchFloats(int rowLength) {
        return 0;
    }

    /** Returns how many rows from this one on can be read at once, at least one. */
    abstract int adjacent(int from);

    /** Returns the array in which these rows lie, from {@link #offset} on; it may be the scratch. */
    abstract float[] read(int from, int count, float[] scratch);

    /** Returns where the row lies in the array that reading it returned. */
    abstract int offset(int from);

    static RowSource of(SegmentContent segment) {
        return segment.heapRows()
                .<RowSource>map(rows -> new Flat(rows, segment.size(), Rows.length(segment.dimension())))
                .orElseGet(() -> new Copied(segment));
    }

    /** All rows in one array. */
    static final class Flat extends RowSource {

        private final float[] rows;
        private final int size;
        private final int length;

        Flat(float[] rows, int size, int length) {
            this.rows = rows;
            this.size = size;
            this.length = length;
        }

        @Override
        int adjacent(int from) {
            return size - from;
        }

        @Override
        float[] read(int from, int count, float[] scratch) {
            return rows;
        }

        @Override
        int offset(int from) {
            return from * length;
        }
    }

    /** Rows in arrays of the same number of rows, a power of two. */
    static final class Chunks extends RowSource {

        private final float[][] chunks;
        private final int size;
        private final int length;
        private final int shift;

        Chunks(float[][] chunks, int size, int length, int shift) {
            this.chunks = chunks;
            this.size = size;
            this.length = length;
            this.shift = shift;
        }

        @Override
        int adjacent(int from) {
            return Math.min(size, ((from >> shift) + 1) << shift) - from;
        }

        @Override
        float[] read(int from, int count, float[] scratch) {
            return chunks[from >> shift];
        }

        @Override
        int offset(int from) {
            return (from & ((1 << shift) - 1)) * length;
        }
    }

    private static final class Copied extends RowSource {

        private final SegmentContent segment;

        Copied(SegmentContent segment) {
            this.segment = segment;
        }

        @Override
        int scratchFloats(int rowLength) {
            return COPIED_AT_ONCE * rowLength;
        }

        @Override
        int adjacent(int from) {
            return Math.min(COPIED_AT_ONCE, segment.size() - from);
        }

        @Override
        float[] read(int from, int count, float[] scratch) {
            segment.readRows(from, count, scratch, 0);
            return scratch;
        }

        @Override
        int offset(int from) {
            return 0;
        }
    }
}
