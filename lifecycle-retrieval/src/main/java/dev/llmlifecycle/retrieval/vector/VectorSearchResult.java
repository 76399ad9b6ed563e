package dev.llmlifecycle.retrieval.vector;

import java.util.List;
import java.util.OptionalDouble;

/**
 * What a search found, and how.
 *
 * <p>Immutable.
 *
 * @param matches the nearest first, those of one score by their ids
 * @param snapshotId the state of the index that was searched
 * @param explanation how it was searched
 * @since 0.1
 */
public record VectorSearchResult(List<VectorMatch> matches, long snapshotId, Explanation explanation) {

    /** Copies the matches. */
    public VectorSearchResult {
        matches = List.copyOf(matches);
    }

    /**
     * How a search went.
     *
     * <p>Immutable.
     *
     * @param distances how many vectors were compared with the query
     * @param exactSegments how many segments were read through; where all were, the result is exact
     * @param graphSegments how many were searched by their graphs
     * @param selectivity the share of entries that the filter allows, when there is a filter
     * @since 0.1
     */
    public record Explanation(long distances, int exactSegments, int graphSegments, OptionalDouble selectivity) {

        /**
         * Says whether nothing nearer can have been missed.
         *
         * @return true when no graph was used
         */
        public boolean exact() {
            return graphSegments == 0;
        }
    }
}
