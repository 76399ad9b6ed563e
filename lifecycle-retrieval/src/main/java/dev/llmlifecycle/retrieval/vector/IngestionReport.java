package dev.llmlifecycle.retrieval.vector;

import java.util.List;
import java.util.Objects;

import dev.llmlifecycle.retrieval.ingest.SkippedFile;

/**
 * What an ingestion did.
 *
 * <p>Immutable.
 *
 * @param documents the documents that were read
 * @param changes which of them were added, changed, removed or renamed since the ingestion before
 * @param passages the passages that the index has now
 * @param added the passages that it did not have before
 * @param removed the passages that it has no more
 * @param embedded the texts (passages and sentences) that the model was asked for
 * @param reused the texts whose vectors were known
 * @param skipped the files that were left out
 * @param snapshotId the state of the index now
 * @since 0.1
 */
public record IngestionReport(
        int documents,
        DocumentChanges changes,
        int passages,
        int added,
        int removed,
        int embedded,
        int reused,
        List<SkippedFile> skipped,
        String snapshotId) {

    /** Checks for null and copies the list. */
    public IngestionReport {
        Objects.requireNonNull(changes, "changes");
        skipped = List.copyOf(skipped);
        Objects.requireNonNull(snapshotId, "snapshotId");
    }
}
