package dev.llmlifecycle.retrieval.vector.internal;

import java.util.function.IntBinaryOperator;

/** The nearest rows that were offered, as many as are wanted; of equally near ones those of the smaller ids. */
public final class NearestRows {

    private final int capacity;
    private final IntBinaryOperator idOrder;
    private final int[] rows;
    private final float[] closeness;
    private int size;

    /**
     * Begins empty.
     *
     * @param capacity how many rows are kept, at least one
     * @param idOrder compares the ids of two rows
     */
    public NearestRows(int capacity, IntBinaryOperator idOrder) {
        this.capacity = capacity;
        this.idOrder = idOrder;
        this.rows = new int[capacity];
        this.closeness = new float[capacity];
    }

    /** Offers a row, each once. */
    public void offer(int row, float near) {
        if (size < capacity) {
            int at = size++;
            while (at > 0 && worse(row, near, (at - 1) >>> 1)) {
                at = move(at, (at - 1) >>> 1);
            }
            put(at, row, near);
        } else if (near > closeness[0] || (near == closeness[0] && idOrder.applyAsInt(row, rows[0]) < 0)) {
            sink(row, near, size);
        }
    }

    /** Returns how many there are at most. */
    int capacity() {
        return capacity;
    }

    /** Returns how many there are. */
    public int size() {
        return size;
    }

    /** Sorts the rows, the nearest first; no row can be offered afterwards. */
    public void sort() {
        for (int end = size - 1; end > 0; end--) {
            int row = rows[end];
            float near = closeness[end];
            move(end, 0);
            sink(row, near, end);
        }
    }

    /** Returns a row. */
    public int row(int index) {
        return rows[index];
    }

    /** Returns how near it is. */
    public float closeness(int index) {
        return closeness[index];
    }

    /** Says whether a row ranks behind the one at a place. */
    private boolean worse(int row, float near, int place) {
        return near < closeness[place] || (near == closeness[place] && idOrder.applyAsInt(row, rows[place]) > 0);
    }

    /** Lets a row sink from the top, where the worst is, in the first so many places. */
    private void sink(int row, float near, int places) {
        int at = 0;
        while (2 * at + 1 < places) {
            int child = 2 * at + 1;
            if (child + 1 < places && worse(rows[child + 1], closeness[child + 1], child)) {
                child++;
            }
            if (worse(row, near, child)) {
                break;
            }
            at = move(at, child);
        }
        put(at, row, near);
    }

    private int move(int to, int from) {
        put(to, rows[from], closeness[from]);
        return from;
    }

    private void put(int at, int row, float near) {
        rows[at] = row;
        closeness[at] = near;
    }
}
