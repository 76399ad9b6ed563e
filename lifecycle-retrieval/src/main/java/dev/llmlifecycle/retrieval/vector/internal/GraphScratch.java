package dev.llmlifecycle.retrieval.vector.internal;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** What one graph search works in, lent and taken back so that searches make no garbage; not thread-safe. */
final class GraphScratch {

    final LongHeap frontier = new LongHeap();
    final LongHeap found = new LongHeap();
    final int[] neighbours;
    /** Neighbours of a neighbour. */
    final int[] further;
    /** Rows that are to be compared: neighbours, and theirs. */
    final int[] candidates;

    final float[] row;
    /** How many lists of neighbours of neighbours were read. */
    int lists;

    private final byte[] visited;
    private byte epoch;

    GraphScratch(int size, int maxDegree, int rowFloats) {
        this.visited = new byte[size];
        this.neighbours = new int[maxDegree];
        this.further = new int[maxDegree];
        this.candidates = new int[maxDegree + GraphSearcher.ENOUGH_NEIGHBOURS];
        this.row = new float[rowFloats];
    }

    /** Forgets what the last search left. */
    void begin() {
        frontier.clear();
        found.clear();
        lists = 0;
        epoch++;
        if (epoch == 0) {
            Arrays.fill(visited, (byte) 0);
            epoch = 1;
        }
    }

    /** Marks a row, and says whether it was not marked before. */
    boolean visit(int row) {
        if (visited[row] == epoch) {
            return false;
        }
        visited[row] = epoch;
        return true;
    }

    /** Lends scratches without a lock, and keeps no more than a few for each processor. */
    static final class Pool {

        private final int size;
        private final int maxDegree;
        private final int rowFloats;
        private final AtomicReferenceArray<GraphScratch> kept;

        Pool(int size, int maxDegree, int rowFloats) {
            this.size = size;
            this.maxDegree = maxDegree;
            this.rowFloats = rowFloats;
            this.kept = new AtomicReferenceArray<>(
                    2 * Integer.highestOneBit(Runtime.getRuntime().availableProcessors()));
        }

        GraphScratch take() {
            GraphScratch scratch = kept.getAndSet(slot(), null);
            return scratch == null ? new GraphScratch(size, maxDegree, rowFloats) : scratch;
        }

        void giveBack(GraphScratch scratch) {
            kept.set(slot(), scratch);
        }

        private int slot() {
            return (int) Thread.currentThread().getId() & (kept.length() - 1);
        }
    }
}
