package dev.llmlifecycle.retrieval.lexical;

import java.util.List;
import java.util.Objects;

/**
 * What a search by words found.
 *
 * <p>Immutable.
 *
 * @param matches best first, those of one score by their ids
 * @param snapshotId the state of the index that was searched
 * @param searchedTerms how many distinct terms of the question were searched for
 * @param droppedTerms how many were left out because there were too many, the least informative ones
 * @since 0.1
 */
public record LexicalSearchResult(List<LexicalMatch> matches, String snapshotId, int searchedTerms, int droppedTerms) {

    /** Copies the matches. */
    public LexicalSearchResult {
        matches = List.copyOf(matches);
        Objects.requireNonNull(snapshotId, "snapshotId");
    }
}
