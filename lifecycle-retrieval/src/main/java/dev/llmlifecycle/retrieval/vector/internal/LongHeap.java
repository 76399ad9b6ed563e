package dev.llmlifecycle.retrieval.vector.internal;

import java.util.Arrays;

/** A binary heap of longs, the smallest on top. */
final class LongHeap {

    private long[] values = new long[64];
    private int size;

    void clear() {
        size = 0;
    }

    int size() {
        return size;
    }

    long top() {
        return values[0];
    }

    long get(int index) {
        return values[index];
    }

    void push(long value) {
        if (size == values.length) {
            values = Arrays.copyOf(values, 2 * size);
        }
        int at = size++;
        while (at > 0) {
            int parent = (at - 1) >>> 1;
            if (values[parent] <= value) {
                break;
            }
            values[at] = values[parent];
            at = parent;
        }
        values[at] = value;
    }

    long pop() {
        long top = values[0];
        long last = values[--size];
        if (size > 0) {
            sink(last);
        }
        return top;
    }

    /** Takes the top out and puts a value in. */
    void replaceTop(long value) {
        sink(value);
    }

    private void sink(long value) {
        int at = 0;
        int half = size >>> 1;
        while (at < half) {
            int child = 2 * at + 1;
            if (child + 1 < size && values[child + 1] < values[child]) {
                child++;
            }
            if (value <= values[child]) {
                break;
            }
            values[at] = values[child];
            at = child;
        }
        values[at] = value;
    }
}
