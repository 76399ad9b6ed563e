package dev.llmlifecycle.retrieval.vector.internal;

/**
 * The graph of a sealed segment (HNSW): for each level the neighbours of the rows that are on it.
 *
 * <p>All rows are on level 0. Immutable and thread-safe.
 */
public interface GraphContent {

    /** Returns the ordinal where a search begins: a row on the highest level. */
    int entryPoint();

    /** Returns the highest level. */
    int topLevel();

    /** Returns the highest level on which a row is. */
    int level(int ordinal);

    /** Returns how many neighbours a row has at most on a level. */
    int maxDegree(int level);

    /**
     * Copies the neighbours of a row.
     *
     * @param level from 0 to the {@link #level} of the row
     * @param ordinal the row
     * @param target takes the neighbours' ordinals from its start; at least {@link #maxDegree} long
     * @return how many there are
     */
    int neighbours(int level, int ordinal, int[] target);
}
