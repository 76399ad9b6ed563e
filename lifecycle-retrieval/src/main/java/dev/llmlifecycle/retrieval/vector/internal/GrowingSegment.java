package dev.llmlifecycle.retrieval.vector.internal;

import java.io.DataOutput;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.store.embedding.filter.Filter;

/**
 * The segment that new rows go to.
 *
 * <p>One thread at a time appends; what others see is a {@link #view}, whose rows no longer change. An id may come
 * again: the rows before are deleted in what is searched.
 */
public final class GrowingSegment {

    private static final int SHIFT = 9;
    private static final int CHUNK = 1 << SHIFT;

    private final int dimension;
    private final int length;
    private final GrowingMetadataIndex metadataIndex = new GrowingMetadataIndex();
    private final ConcurrentHashMap<String, Integer> latest = new ConcurrentHashMap<>();
    private Chunk[] chunks = {};
    private float[][] rows = {};
    private int size;

    /** Begins empty. */
    public GrowingSegment(int dimension) {
        this.dimension = dimension;
        this.length = Rows.length(dimension);
    }

    /** What rows that lie together have besides their vectors. */
    private static final class Chunk {

        final Payload[] payloads = new Payload[CHUNK];
        /** The row before that has the same id, or -1. */
        final int[] previous = new int[CHUNK];
    }

    /** Appends items. */
    public void append(List<VectorItem> items) {
        for (VectorItem item : items) {
            int within = size & (CHUNK - 1);
            if (within == 0) {
                chunks = Arrays.copyOf(chunks, chunks.length + 1);
                chunks[chunks.length - 1] = new Chunk();
                rows = Arrays.copyOf(rows, chunks.length);
                rows[chunks.length - 1] = new float[CHUNK * length];
            }
            Chunk chunk = chunks[chunks.length - 1];
            System.arraycopy(item.vector(), 0, rows[chunks.length - 1], within * length, dimension);
            chunk.payloads[within] = Payload.of(item);
            metadataIndex.add(chunk.payloads[within].filtered());
            chunk.previous[within] = latest.getOrDefault(item.id(), -1);
            // Readers come to the row by its id, perhaps before there is a view of it: last of all.
            latest.put(item.id(), size);
            size++;
        }
    }

    /** Returns how many rows there are. */
    public int size() {
        return size;
    }

    /** Returns the latest row of an id, or -1; for the thread that appends. */
    public int ordinal(String id) {
        return latest.getOrDefault(id, -1);
    }

    /** Returns the rows that there are now. */
    public View view() {
        return new View(chunks, rows, size);
    }

    /** The first rows of a growing segment. */
    public final class View implements SegmentContent {

        private final Chunk[] chunks;
        private final float[][] rows;
        private final int size;

        private View(Chunk[] chunks, float[][] rows, int size) {
            this.chunks = chunks;
            this.rows = rows;
            this.size = size;
        }

        /** Returns what compares every row. */
        public SegmentSearcher searcher(Metric metric, VectorMath math) {
            return new ExactSearcher(new RowSource.Chunks(rows, size, length, SHIFT), size, dimension, metric, math);
        }

        @Override
        public int size() {
            return size;
        }

        @Override
        public int dimension() {
            return dimension;
        }

        @Override
        public String id(int ordinal) {
            return payload(ordinal).id();
        }

        /** Returns the latest row of an id. */
        @Override
        public int ordinal(String id) {
            Integer row = latest.get(id);
            int ordinal = row == null ? -1 : row;
            // The segment may have grown since.
            while (ordinal >= size) {
                ordinal = GrowingSegment.this.chunks[ordinal >> SHIFT].previous[ordinal & (CHUNK - 1)];
            }
            return ordinal;
        }

        @Override
        public void readRows(int from, int count, float[] target, int offset) {
            for (int i = 0; i < count; i++) {
                int ordinal = from + i;
                System.arraycopy(
                        rows[ordinal >> SHIFT], (ordinal & (CHUNK - 1)) * length, target, offset + i * length, length);
            }
        }

        @Override
        public Optional<String> text(int ordinal) {
            return Optional.ofNullable(payload(ordinal).text());
        }

        @Override
        public Metadata metadata(int ordinal) {
            return payload(ordinal).metadata();
        }

        @Override
        public Optional<GraphContent> graph() {
            return Optional.empty();
        }

        @Override
        public MetadataIndex metadataIndex() {
            return new MetadataIndex() {
                @Override
                public Bits matching(Filter filter, Bits candidates) {
                    return metadataIndex.matching(filter, candidates, View.this::metadata);
                }

                @Override
                public void writeTo(DataOutput output) {
                    throw new UnsupportedOperationException("a growing segment is sealed before it is written");
                }
            };
        }

        private Payload payload(int ordinal) {
            return chunks[ordinal >> SHIFT].payloads[ordinal & (CHUNK - 1)];
        }
    }
}
