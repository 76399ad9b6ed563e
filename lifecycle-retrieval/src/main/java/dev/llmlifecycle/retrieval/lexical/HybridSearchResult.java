package dev.llmlifecycle.retrieval.lexical;

import java.util.Objects;

import dev.llmlifecycle.retrieval.vector.VectorSearchResult;

/**
 * What a search on both sides of a {@link HybridIndex} found in one state of it.
 *
 * <p>Immutable.
 *
 * @param vectors what is near
 * @param words what has the words
 * @param snapshotId the state that both were searched in
 * @since 0.1
 */
public record HybridSearchResult(VectorSearchResult vectors, LexicalSearchResult words, String snapshotId) {

    /** Checks that nothing is missing. */
    public HybridSearchResult {
        Objects.requireNonNull(vectors, "vectors");
        Objects.requireNonNull(words, "words");
        Objects.requireNonNull(snapshotId, "snapshotId");
    }
}
