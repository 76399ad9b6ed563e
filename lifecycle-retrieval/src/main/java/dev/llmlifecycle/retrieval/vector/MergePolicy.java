package dev.llmlifecycle.retrieval.vector;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import dev.llmlifecycle.retrieval.vector.internal.Rows;

/**
 * Says which segments become one.
 *
 * <p>A segment that is no larger than all smaller ones together becomes one with them, so that each segment is larger
 * than the sum of those below it (after J. L. Bentley and J. B. Saxe, "Decomposable searching problems I:
 * static-to-dynamic transformation", 1980). So a search meets few segments, also after many changes, and whenever an
 * entry is built into a graph anew, its segment is at least twice as large.
 */
final class MergePolicy {

    private static final double MOST_DELETED = 0.3;

    /** What one array and one graph can hold with ease. */
    private static final int MOST_FLOATS = 1 << 29;

    private static final int MOST_ROWS = 5_000_000;

    private final int mostRows;

    /**
     * Sets how large segments are.
     *
     * @param mostRows rows of the largest
     */
    MergePolicy(int mostRows) {
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
     * <p>What is frozen comes first, since searches compare its rows one by one until it is sealed; what is worn waits.
     *
     * @param frozen segments that wait to be sealed, oldest first
     */
    List<LiveSegment> due(List<LiveSegment> sealed, List<LiveSegment> frozen) {
        Chosen chosen = new Chosen();
        frozen.stream().takeWhile(chosen::add).forEach(segment -> {});
        if (frozen.isEmpty()) {
            sealed.stream().filter(this::isWorn).forEach(chosen::add);
        }
        List<LiveSegment> others = sealed.stream()
                .filter(segment -> !chosen.segments.contains(segment))
                .sorted(Comparator.comparingInt(LiveSegment::size))
                .toList();
        others.subList(0, absorbed(others, chosen.rows)).forEach(chosen::add);
        return chosen.segments;
    }

    /**
     * Returns how many segments join: all up to the largest that is no larger than those before it together.
     *
     * @param ascending by size
     * @param rows that are before the first
     */
    private int absorbed(List<LiveSegment> ascending, long rows) {
        int count = 0;
        long before = rows;
        for (int i = 0; i < ascending.size(); i++) {
            int size = ascending.get(i).size();
            if (before + size > mostRows) {
                break;
            }
            if (size <= before) {
                count = i + 1;
            }
            before += size;
        }
        return count;
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
