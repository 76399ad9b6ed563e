package dev.llmlifecycle.retrieval.ingest;

import java.util.List;

import dev.langchain4j.data.document.Document;

/**
 * What was read from a folder.
 *
 * <p>Immutable.
 *
 * @param documents the documents, ordered by path
 * @param skipped the files and folders that were left out, ordered by path
 * @since 0.1
 */
public record FolderContent(List<Document> documents, List<SkippedFile> skipped) {

    /** Copies the lists. */
    public FolderContent {
        documents = List.copyOf(documents);
        skipped = List.copyOf(skipped);
    }
}
