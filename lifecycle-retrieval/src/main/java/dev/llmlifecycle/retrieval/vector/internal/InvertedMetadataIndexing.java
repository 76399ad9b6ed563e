package dev.llmlifecycle.retrieval.vector.internal;

import java.nio.ByteBuffer;
import java.util.function.IntFunction;

import dev.langchain4j.data.document.Metadata;

/** Keeps, for each key, the rows of each value. */
public final class InvertedMetadataIndexing implements MetadataIndexing {

    @Override
    public MetadataIndex build(int size, IntFunction<Metadata> rows) {
        GrowingMetadataIndex index = new GrowingMetadataIndex();
        for (int row = 0; row < size; row++) {
            index.add(rows.apply(row));
        }
        return index.seal(rows);
    }

    @Override
    public MetadataIndex read(ByteBuffer section, int size, IntFunction<Metadata> rows) {
        return new SealedMetadataIndex(section, size, rows);
    }
}
