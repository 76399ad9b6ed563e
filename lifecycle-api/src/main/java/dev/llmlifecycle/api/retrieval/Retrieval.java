package dev.llmlifecycle.api.retrieval;

import java.util.List;
import java.util.Objects;

/**
 * What a retriever found.
 *
 * <p>Immutable.
 *
 * @param passages best first; ties are ordered by id
 * @param snapshotId the state of the index that was searched
 * @since 0.1
 */
public record Retrieval(List<Passage> passages, String snapshotId) {

    /** Copies the passages. */
    public Retrieval {
        passages = List.copyOf(passages);
        Objects.requireNonNull(snapshotId, "snapshotId");
    }
}
