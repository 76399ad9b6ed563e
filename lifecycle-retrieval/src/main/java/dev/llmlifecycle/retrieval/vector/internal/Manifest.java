package dev.llmlifecycle.retrieval.vector.internal;

import java.util.List;

/**
 * What an index consists of, apart from its latest batches.
 *
 * @param version the last batch whose rows are in the segments; later ones are replayed from the log
 * @param segments the sealed segments
 */
public record Manifest(long version, List<Segment> segments) {

    /** The manifest of an empty index. */
    public static final Manifest EMPTY = new Manifest(0, List.of());

    /** Copies the list. */
    public Manifest {
        segments = List.copyOf(segments);
    }

    /**
     * A sealed segment.
     *
     * @param number its number, used once in the life of an index
     * @param deleted rows that no longer count, perhaps by batches later than the manifest's version, which replaying
     *     them again does not change
     */
    public record Segment(long number, Bits deleted) {}
}
