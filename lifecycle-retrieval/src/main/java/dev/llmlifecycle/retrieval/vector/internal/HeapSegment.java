package dev.llmlifecycle.retrieval.vector.internal;

import java.util.List;
import java.util.Optional;

import dev.langchain4j.data.document.Metadata;
import org.jspecify.annotations.Nullable;

/** A sealed segment on the heap. */
public final class HeapSegment implements SegmentContent {

    private final int dimension;
    private final float[] rows;
    private final Payload[] payloads;
    private final int[] table;
    private final @Nullable GraphContent graph;
    private final MetadataIndex metadataIndex;

    /**
     * Wraps rows, not copied.
     *
     * @param dimension numbers of a vector
     * @param rows the vectors, each {@link Rows#length} floats
     * @param payloads what each row has besides, each id once
     * @param graph over the rows, if there is one
     * @param indexing makes the metadata index
     */
    public HeapSegment(
            int dimension,
            float[] rows,
            Payload[] payloads,
            Optional<? extends GraphContent> graph,
            MetadataIndexing indexing) {
        this.dimension = dimension;
        this.rows = rows;
        this.payloads = payloads;
        this.table = table(payloads);
        this.graph = graph.orElse(null);
        this.metadataIndex = indexing.build(payloads.length, row -> payloads[row].filtered());
    }

    /**
     * Copies items.
     *
     * @param dimension numbers of a vector
     * @param items the rows, each id once
     * @param graph over the items in this order, if there is one
     * @param indexing makes the metadata index
     */
    public HeapSegment(
            int dimension, List<VectorItem> items, Optional<? extends GraphContent> graph, MetadataIndexing indexing) {
        this(
                dimension,
                padded(dimension, items),
                items.stream().map(Payload::of).toArray(Payload[]::new),
                graph,
                indexing);
    }

    @Override
    public int size() {
        return payloads.length;
    }

    @Override
    public int dimension() {
        return dimension;
    }

    @Override
    public String id(int ordinal) {
        return payloads[ordinal].id();
    }

    @Override
    public int ordinal(String id) {
        for (int slot = slot(id, table); table[slot] != 0; slot = (slot + 1) & (table.length - 1)) {
            if (payloads[table[slot] - 1].id().equals(id)) {
                return table[slot] - 1;
            }
        }
        return -1;
    }

    @Override
    public void readRows(int from, int count, float[] target, int offset) {
        int length = Rows.length(dimension);
        System.arraycopy(rows, from * length, target, offset, count * length);
    }

    @Override
    public Optional<float[]> heapRows() {
        return Optional.of(rows);
    }

    @Override
    public Optional<String> text(int ordinal) {
        return Optional.ofNullable(payloads[ordinal].text());
    }

    @Override
    public Metadata metadata(int ordinal) {
        return payloads[ordinal].metadata();
    }

    @Override
    public Optional<GraphContent> graph() {
        return Optional.ofNullable(graph);
    }

    @Override
    public MetadataIndex metadataIndex() {
        return metadataIndex;
    }

    private static float[] padded(int dimension, List<VectorItem> items) {
        int length = Rows.length(dimension);
        float[] rows = new float[Math.multiplyExact(items.size(), length)];
        for (int i = 0; i < items.size(); i++) {
            System.arraycopy(items.get(i).vector(), 0, rows, i * length, dimension);
        }
        return rows;
    }

    /** An open hash table of ordinals plus one, at most half full. */
    private static int[] table(Payload[] payloads) {
        int[] table = new int[2 * Integer.highestOneBit(2 * payloads.length + 1)];
        for (int i = 0; i < payloads.length; i++) {
            int slot = slot(payloads[i].id(), table);
            while (table[slot] != 0) {
                slot = (slot + 1) & (table.length - 1);
            }
            table[slot] = i + 1;
        }
        return table;
    }

    private static int slot(String id, int[] table) {
        int hash = id.hashCode() * 0x9E3779B9;
        return (hash ^ (hash >>> 16)) & (table.length - 1);
    }
}
