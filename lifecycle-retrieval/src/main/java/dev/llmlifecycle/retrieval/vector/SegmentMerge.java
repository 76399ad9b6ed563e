package dev.llmlifecycle.retrieval.vector;

import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

import dev.llmlifecycle.retrieval.vector.internal.Bits;
import dev.llmlifecycle.retrieval.vector.internal.HeapSegment;
import dev.llmlifecycle.retrieval.vector.internal.HnswGraphBuilder;
import dev.llmlifecycle.retrieval.vector.internal.MetadataIndexing;
import dev.llmlifecycle.retrieval.vector.internal.Payload;
import dev.llmlifecycle.retrieval.vector.internal.Rows;
import dev.llmlifecycle.retrieval.vector.internal.Workers;

/** One segment made of the live rows of others, and where each of its rows comes from. */
final class SegmentMerge {

    private final HeapSegment segment;
    private final List<LiveSegment> sources;
    /** For each row the number of its source. */
    private final int[] source;
    /** For each row its row there. */
    private final int[] origin;

    private SegmentMerge(HeapSegment segment, List<LiveSegment> sources, int[] source, int[] origin) {
        this.segment = segment;
        this.sources = sources;
        this.source = source;
        this.origin = origin;
    }

    /** How segments are made. */
    record Maker(int dimension, int exactLimit, HnswGraphBuilder graphs, MetadataIndexing indexing, Workers workers) {

        /**
         * Merges segments, which takes its time.
         *
         * @param sources with at least one live row
         * @param wanted asked now and then
         * @return nothing when it is no longer wanted
         */
        Optional<SegmentMerge> merge(List<LiveSegment> sources, BooleanSupplier wanted) {
            int size = sources.stream().mapToInt(LiveSegment::size).sum();
            int length = Rows.length(dimension);
            float[] rows = new float[Math.multiplyExact(size, length)];
            int[] source = new int[size];
            int[] origin = new int[size];
            int row = 0;
            for (int i = 0; i < sources.size(); i++) {
                LiveSegment from = sources.get(i);
                Bits live = from.live();
                for (int ordinal = live.next(0); ordinal >= 0; ordinal = live.next(ordinal + 1)) {
                    from.content().readRows(ordinal, 1, rows, row * length);
                    source[row] = i;
                    origin[row++] = ordinal;
                }
            }
            if (size < exactLimit) {
                return Optional.of(ordered(sources, rows, source, origin, Optional.empty()));
            }
            return graphs.build(rows, size, dimension, workers, wanted)
                    .map(graph -> ordered(sources, rows, source, origin, Optional.of(graph)));
        }

        private SegmentMerge ordered(
                List<LiveSegment> sources,
                float[] rows,
                int[] source,
                int[] origin,
                Optional<HnswGraphBuilder.Ordered> graph) {
            int size = source.length;
            int length = Rows.length(dimension);
            float[] orderedRows = rows;
            int[] orderedSource = source;
            int[] orderedOrigin = origin;
            if (graph.isPresent()) {
                int[] order = graph.get().order();
                orderedRows = new float[rows.length];
                orderedSource = new int[size];
                orderedOrigin = new int[size];
                for (int row = 0; row < size; row++) {
                    System.arraycopy(rows, order[row] * length, orderedRows, row * length, length);
                    orderedSource[row] = source[order[row]];
                    orderedOrigin[row] = origin[order[row]];
                }
            }
            Payload[] payloads = new Payload[size];
            for (int row = 0; row < size; row++) {
                payloads[row] = Payload.of(sources.get(orderedSource[row]).content(), orderedOrigin[row]);
            }
            HeapSegment segment = new HeapSegment(
                    dimension, orderedRows, payloads, graph.map(HnswGraphBuilder.Ordered::graph), indexing);
            return new SegmentMerge(segment, sources, orderedSource, orderedOrigin);
        }
    }

    HeapSegment segment() {
        return segment;
    }

    List<LiveSegment> sources() {
        return sources;
    }

    /**
     * Returns the rows that were deleted while the merge went on.
     *
     * @param now the sources as they are now, in their order
     */
    Bits deletedSince(List<LiveSegment> now) {
        BitSet deleted = new BitSet();
        for (int row = 0; row < source.length; row++) {
            if (!now.get(source[row]).isLive(origin[row])) {
                deleted.set(row);
            }
        }
        return Bits.of(deleted, source.length);
    }
}
