package dev.llmlifecycle.retrieval.vector;

import java.util.List;

/**
 * What one change did to a {@link VectorIndex}.
 *
 * <p>Immutable.
 *
 * @param snapshotId the state that it led to
 * @param put ids of entries that came or were replaced
 * @param removed ids of entries that went
 * @since 0.1
 */
public record VectorChange(long snapshotId, List<String> put, List<String> removed) {

    /** Copies the ids. */
    public VectorChange {
        put = List.copyOf(put);
        removed = List.copyOf(removed);
    }
}
