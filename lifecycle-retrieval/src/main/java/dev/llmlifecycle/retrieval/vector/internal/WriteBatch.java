package dev.llmlifecycle.retrieval.vector.internal;

import java.util.List;

/**
 * Changes that happen together or not at all.
 *
 * <p>First the ids are removed, then the items are put, each in the place of an older one with its id. Applying a batch
 * again changes nothing.
 *
 * @param version the snapshot id that the batch leads to; one more than that of the batch before
 * @param removed ids that go
 * @param upserts items that come, each id once
 */
public record WriteBatch(long version, List<String> removed, List<VectorItem> upserts) {

    /** Copies the lists. */
    public WriteBatch {
        removed = List.copyOf(removed);
        upserts = List.copyOf(upserts);
    }
}
