package dev.llmlifecycle.retrieval.vector;

import java.util.Arrays;

/** Keeps the best positions that were offered; of equal ones the earlier. */
final class Nearest {

    private final int[] positions;
    private final float[] scores;
    private int size;

    Nearest(int capacity) {
        this.positions = new int[capacity];
        this.scores = new float[capacity];
    }

    /** Offers a position; positions come in rising order. */
    void offer(int position, float score) {
        if (size == positions.length) {
            if (!(score > scores[size - 1])) {
                return;
            }
            size--;
        }
        int at = size++;
        while (at > 0 && score > scores[at - 1]) {
            scores[at] = scores[at - 1];
            positions[at] = positions[at - 1];
            at--;
        }
        scores[at] = score;
        positions[at] = position;
    }

    /** Returns the positions, best first. */
    int[] toArray() {
        return Arrays.copyOf(positions, size);
    }
}
