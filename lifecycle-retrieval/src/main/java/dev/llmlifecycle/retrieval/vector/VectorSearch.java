package dev.llmlifecycle.retrieval.vector;

/** Finds the nearest of a fixed set of vectors. */
@FunctionalInterface
interface VectorSearch {

    /**
     * Returns the positions of the nearest vectors.
     *
     * @param query a vector of length one
     * @param count how many at most
     * @return positions, nearest first
     */
    int[] nearest(float[] query, int count);
}
