package dev.llmlifecycle.retrieval.vector;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import dev.llmlifecycle.retrieval.vector.internal.Rows;

/**
 * Says which segments become one.
 *
 * <p>Segments of about one size are a tier, each tier four times the one before; a tier that is full becomes one
 * segment of a higher one (J. L. Bentley and J. B. Saxe, "Decomposable searching problems I: static-to-dynamic
 * transformation", 1980). So an entry is built into graphs a few times, and a search meets few segments.
 */
final class MergePolicy {

    private static final int TIER = 4;
    private static final double MOST_DELETED = 0.3;

    /** What one array and one graph can hold with ease. */
    private static final int MOST_FLOATS = 1 << 29;

    private static final int MOST_ROWS = 5_000_000;

    private final int exactLimit;
    private final int mostRows;

    /**
     * Sets how large segments are.
     *
     * @param exactLimit rows of the smallest segments
     * @param mostRows rows of the largest
     */
    MergePolicy(int exactLimit, int mostRows) {
        this.exactLimit = exactLimit;
        this.mostRows = mostRows;
    }

    /** Returns how many rows a segment has at most. */
    static int mostRows(int dimension) {
        return Math.min(MOST_ROWS, MOST_FLOATS / Rows.length(dimension));
    }

    /** Says whether so many rows are deleted that a segment is made anew. */
    boolean isWorn(LiveSegment segment) {
        return segment.content().size() - segment.size()
                > MOST_DELETED * segment.content().size();
    }

    /**
     * Returns what is to become one segment now, empty when all is well.
     *
     * @param frozen segments that wait to be sealed, oldest first
     */
    List<LiveSegment> due(List<LiveSegment> sealed, List<LiveSegment> frozen) {
        Chosen chosen = new Chosen();
        frozen.stream().takeWhile(chosen::add).forEach(segment -> {});
        for (int tier = 0; tier <= Integer.SIZE / 2; tier++) {
            int wanted = tier;
            // What is so large that a tier of it would not fit stays as it is.
            List<LiveSegment> same = sealed.stream()
                    .filter(segment -> segment.size() <= mostRows / TIER && tier(segment) == wanted)
                    .toList();
            if (same.size() >= TIER) {
                same.forEach(chosen::add);
            }
        }
        sealed.stream()
                .filter(segment -> isWorn(segment) && !chosen.segments.contains(segment))
                .forEach(chosen::add);
        return chosen.segments;
    }

    /** Returns what is to become one segment so that there are as few as can be. */
    List<LiveSegment> all(List<LiveSegment> sealed, List<LiveSegment> frozen) {
        Chosen chosen = new Chosen();
        frozen.stream().takeWhile(chosen::add).forEach(segment -> {});
        sealed.stream().sorted(Comparator.comparingInt(LiveSegment::size)).forEach(chosen::add);
        boolean asItIs = frozen.isEmpty()
                && chosen.segments.size() == 1
                && chosen.segments.get(0).deleted().isEmpty();
        return asItIs ? List.of() : chosen.segments;
    }

    private int tier(LiveSegment segment) {
        int tier = 0;
        for (long size = segment.size(); size >= (long) TIER * exactLimit; size /= TIER) {
            tier++;
        }
        return tier;
    }

    /** Segments that fit together into one. */
    private final class Chosen {

        private final List<LiveSegment> segments = new ArrayList<>();
        private long rows;

        /** Takes a segment; one alone is taken whatever its size. */
        boolean add(LiveSegment segment) {
            if (!segments.isEmpty() && rows + segment.size() > mostRows) {
                return false;
            }
            rows += segment.size();
            return segments.add(segment);
        }
    }
}
