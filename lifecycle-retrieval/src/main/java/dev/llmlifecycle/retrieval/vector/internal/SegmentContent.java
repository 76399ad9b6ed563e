package dev.llmlifecycle.retrieval.vector.internal;

import java.util.Optional;

import dev.langchain4j.data.document.Metadata;

/**
 * A sealed segment: rows that never change, on the heap or mapped from a file.
 *
 * <p>A row has an ordinal, from 0 on. Each id is there once. Immutable and thread-safe; reading what a file has damaged
 * throws {@link dev.llmlifecycle.api.DamagedDataException}.
 */
public interface SegmentContent {

    /** Returns how many rows there are, deleted ones too. */
    int size();

    /** Returns how many numbers a vector has, without padding. */
    int dimension();

    /** Returns the id of a row. */
    String id(int ordinal);

    /** Returns the row of an id, or -1. */
    int ordinal(String id);

    /**
     * Copies the vectors of adjacent rows, each {@link Rows#length} floats.
     *
     * @param from the first row
     * @param count how many rows
     * @param target takes them
     * @param offset where in the target the first begins
     */
    void readRows(int from, int count, float[] target, int offset);

    /** Returns all vectors in one array, which is not to be changed, when they are on the heap. */
    default Optional<float[]> heapRows() {
        return Optional.empty();
    }

    /** Returns the text of a row. */
    Optional<String> text(int ordinal);

    /** Returns the metadata of a row, which is not to be changed. */
    Metadata metadata(int ordinal);

    /** Returns the graph; a small segment has none. */
    Optional<GraphContent> graph();

    /** Returns the index of the rows' metadata. */
    MetadataIndex metadataIndex();
}
