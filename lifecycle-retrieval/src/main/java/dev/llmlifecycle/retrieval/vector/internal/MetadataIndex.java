package dev.llmlifecycle.retrieval.vector.internal;

import java.io.DataOutput;
import java.io.IOException;

import dev.langchain4j.store.embedding.filter.Filter;

/** Says which rows of one segment match a filter; immutable and thread-safe. */
public interface MetadataIndex {

    /**
     * Returns the candidates whose metadata the filter accepts, exactly those for which {@link Filter#test} is true.
     *
     * <p>What the filter throws for a candidate is thrown here, such as the {@link IllegalArgumentException} for a
     * string that is compared with a number; rows that are no candidates are never asked.
     *
     * @param filter any filter, also one of the host's own, which is asked row by row
     * @param candidates the rows that are considered, such as those not deleted
     * @return bits as long as the candidates
     */
    Bits matching(Filter filter, Bits candidates);

    /** Writes the index into a section of a segment file, from where {@link MetadataIndexing#read} has it back. */
    void writeTo(DataOutput output) throws IOException;
}
