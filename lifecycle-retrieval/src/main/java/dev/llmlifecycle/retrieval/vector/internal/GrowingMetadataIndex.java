package dev.llmlifecycle.retrieval.vector.internal;

import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.store.embedding.filter.Filter;
import org.jspecify.annotations.Nullable;

/**
 * The index of the metadata of rows that are added one after the other.
 *
 * <p>One thread at a time adds; any number read meanwhile. A reader whose candidates are as long as the rows were at
 * some time sees those rows and no later ones.
 */
public final class GrowingMetadataIndex {

    private final Map<String, GrowingColumn> columns = new ConcurrentHashMap<>();

    /** The rows without metadata, as a column of one value. */
    private final GrowingColumn without = new GrowingColumn();

    private volatile int size;

    /**
     * Adds the next row.
     *
     * @param metadata its metadata, or null when it has none, as an embedding without a segment: no filter matches it
     */
    public void add(@Nullable Metadata metadata) {
        int row = size;
        if (metadata == null) {
            without.add(row, "");
        } else {
            metadata.toMap()
                    .forEach((key, value) -> columns.computeIfAbsent(key, any -> new GrowingColumn())
                            .add(row, value));
        }
        size = row + 1;
    }

    /** Returns how many rows were added. */
    public int size() {
        return size;
    }

    /**
     * Returns the candidates whose metadata a filter accepts, as {@link MetadataIndex#matching} does.
     *
     * @param filter any filter
     * @param candidates the rows that are considered, not longer than the size
     * @param rows gives the metadata of each, for filters that have to look at the rows themselves
     * @return bits as long as the candidates
     */
    public Bits matching(Filter filter, Bits candidates, IntFunction<Metadata> rows) {
        if (candidates.length() > size) {
            throw new IllegalArgumentException("a filter was asked for " + candidates.length() + " rows but there are "
                    + size + "; use candidates of this segment");
        }
        return new FilterEvaluation(key -> Optional.ofNullable(columns.get(key)), rows)
                .matching(filter, candidates.andNot(without.rows(candidates.length())));
    }

    /**
     * Returns the index of all rows, which grows no more; for the thread that adds.
     *
     * @param rows gives the metadata of each
     */
    public MetadataIndex seal(IntFunction<Metadata> rows) {
        SortedMap<String, ColumnContent> contents = new TreeMap<>();
        columns.forEach((key, column) -> contents.put(key, column.content()));
        return new SealedMetadataIndex(SealedMetadataIndex.encode(size, without.rows(), contents), size, rows);
    }
}
