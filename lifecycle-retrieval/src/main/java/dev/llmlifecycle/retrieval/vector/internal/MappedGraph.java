package dev.llmlifecycle.retrieval.vector.internal;

import java.util.Optional;

import dev.llmlifecycle.retrieval.vector.internal.Decoder.FormatProblem;

/** The graph in a segment file. */
final class MappedGraph implements GraphContent {

    private final Section section;
    private final int entryPoint;
    private final Level[] levels;

    /**
     * A level: where its rows, the starts of their neighbours and the neighbours begin; level 0 names no rows, as it
     * has all.
     */
    private record Level(int rows, int links, int maxDegree, long rowsAt, long startsAt, long linksAt) {

        long end() {
            return linksAt + (long) links * Integer.BYTES;
        }
    }

    private MappedGraph(Section section, int entryPoint, Level[] levels) {
        this.section = section;
        this.entryPoint = entryPoint;
        this.levels = levels;
    }

    /** Reads the part of the properties that describes the graph, if there is one. */
    static Optional<GraphContent> read(SectionedFile file, Decoder properties, int size) throws FormatProblem {
        int count = properties.count(3 * Integer.BYTES);
        if (count == 0) {
            return Optional.empty();
        }
        int entryPoint = properties.u32();
        Level[] levels = new Level[count];
        long at = 0;
        for (int i = 0; i < count; i++) {
            int rows = properties.u32();
            int links = properties.u32();
            int maxDegree = properties.u32();
            if (rows < 0 || rows > size || links < 0 || maxDegree < 0 || maxDegree > size || (i == 0 && rows != size)) {
                throw new FormatProblem("a level of " + rows + " rows in a graph of " + size);
            }
            long startsAt = at + (i == 0 ? 0 : (long) rows * Integer.BYTES);
            levels[i] = new Level(rows, links, maxDegree, at, startsAt, startsAt + (rows + 1L) * Integer.BYTES);
            at = levels[i].end();
        }
        if (entryPoint < 0 || entryPoint >= size) {
            throw new FormatProblem("an entry point " + entryPoint + " in a graph of " + size);
        }
        return Optional.of(new MappedGraph(file.section(SegmentFile.GRAPH, at), entryPoint, levels));
    }

    @Override
    public int entryPoint() {
        return entryPoint;
    }

    @Override
    public int topLevel() {
        return levels.length - 1;
    }

    @Override
    public int level(int ordinal) {
        int level = 0;
        while (level + 1 < levels.length && position(levels[level + 1], ordinal) >= 0) {
            level++;
        }
        return level;
    }

    @Override
    public int maxDegree(int level) {
        return levels[level].maxDegree();
    }

    @Override
    public int neighbours(int level, int ordinal, int[] target) {
        Level on = levels[level];
        int at = level == 0 ? ordinal : position(on, ordinal);
        long startAt = on.startsAt() + (long) at * Integer.BYTES;
        int start = section.u32(startAt);
        int count = section.u32(startAt + Integer.BYTES) - start;
        if (start < 0 || count < 0 || count > on.maxDegree()) {
            throw section.damaged(startAt, new FormatProblem(count + " neighbours of at most " + on.maxDegree()));
        }
        section.ints(on.linksAt() + (long) start * Integer.BYTES, target, count);
        return count;
    }

    private int position(Level level, int ordinal) {
        int low = 0;
        int high = level.rows() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int found = section.u32(level.rowsAt() + (long) middle * Integer.BYTES);
            if (found == ordinal) {
                return middle;
            }
            if (found < ordinal) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -1;
    }
}
