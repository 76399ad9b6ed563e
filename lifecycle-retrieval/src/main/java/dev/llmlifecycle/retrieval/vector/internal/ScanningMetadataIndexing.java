package dev.llmlifecycle.retrieval.vector.internal;

import java.io.DataOutput;
import java.nio.ByteBuffer;
import java.util.function.IntFunction;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.store.embedding.filter.Filter;

/** Keeps no index: tests each row. */
public final class ScanningMetadataIndexing implements MetadataIndexing {

    @Override
    public MetadataIndex build(int size, IntFunction<Metadata> rows) {
        return new Scan(size, rows);
    }

    @Override
    public MetadataIndex read(ByteBuffer section, int size, IntFunction<Metadata> rows) {
        return new Scan(size, rows);
    }

    private record Scan(int size, IntFunction<Metadata> rows) implements MetadataIndex {

        @Override
        public Bits matching(Filter filter, Bits candidates) {
            return candidates.filter(row -> filter.test(rows.apply(row)));
        }

        @Override
        public void writeTo(DataOutput output) {}
    }
}
