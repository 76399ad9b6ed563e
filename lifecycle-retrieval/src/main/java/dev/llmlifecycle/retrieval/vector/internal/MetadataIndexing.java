package dev.llmlifecycle.retrieval.vector.internal;

import java.nio.ByteBuffer;
import java.util.function.IntFunction;

import dev.langchain4j.data.document.Metadata;

/** Makes the metadata index of a segment, or reads it back. */
public interface MetadataIndexing {

    /**
     * Makes the index of rows.
     *
     * @param size how many rows
     * @param rows the metadata of each, kept for filters that have to look at the rows themselves; null for a row that
     *     has neither text nor metadata, which no filter matches
     */
    MetadataIndex build(int size, IntFunction<Metadata> rows);

    /**
     * Opens what {@link MetadataIndex#writeTo} wrote, as lazily as can be: a file is to be open in milliseconds.
     *
     * @param section the bytes, mapped and little-endian or big-endian as the caller set it, checked by their checksum
     * @param size how many rows
     * @param rows the metadata of each
     */
    MetadataIndex read(ByteBuffer section, int size, IntFunction<Metadata> rows);
}
