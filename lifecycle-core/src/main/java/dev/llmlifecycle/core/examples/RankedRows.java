package dev.llmlifecycle.core.examples;

/**
 * Gives rows out from the most relevant to the least, of equals the smaller number first. A heap: whoever takes only a
 * few pays only for these.
 */
final class RankedRows {

    private final long[] heap;
    private int size;

    /**
     * Ranks rows.
     *
     * @param relevance of every row
     * @param barred rows to leave out
     * @param above rows that are not more relevant than this are left out too
     */
    RankedRows(float[] relevance, boolean[] barred, float above) {
        heap = new long[relevance.length];
        for (int row = 0; row < relevance.length; row++) {
            if (!barred[row] && relevance[row] > above) {
                heap[size++] = key(relevance[row], row);
            }
        }
        for (int i = size / 2 - 1; i >= 0; i--) {
            sink(i);
        }
    }

    /** Returns the next row without taking it, or -1. */
    int peek() {
        return size == 0 ? -1 : (int) heap[0];
    }

    /** Takes the next row, or returns -1. */
    int next() {
        if (size == 0) {
            return -1;
        }
        int row = (int) heap[0];
        heap[0] = heap[--size];
        sink(0);
        return row;
    }

    /** Orders as a number does: more relevant is smaller, then the smaller row. */
    private static long key(float relevance, int row) {
        int bits = Float.floatToIntBits(relevance + 0.0f);
        int ascending = bits < 0 ? ~bits : bits ^ 0x80000000;
        return ((long) (~ascending ^ 0x80000000) << 32) | row;
    }

    private void sink(int from) {
        int parent = from;
        long moved = heap[parent];
        while (true) {
            int child = 2 * parent + 1;
            if (child >= size) {
                break;
            }
            if (child + 1 < size && heap[child + 1] < heap[child]) {
                child++;
            }
            if (heap[child] >= moved) {
                break;
            }
            heap[parent] = heap[child];
            parent = child;
        }
        heap[parent] = moved;
    }
}
