package dev.llmlifecycle.retrieval.vector;

/**
 * How far an ingestion has come.
 *
 * <p>Immutable.
 *
 * @param embedded the texts (passages and sentences) embedded so far
 * @param total the texts to embed in this ingestion
 * @since 0.1
 */
public record IngestProgress(int embedded, int total) {}
