package dev.llmlifecycle.retrieval.vector.internal;

import java.util.Arrays;

/**
 * A graph in flat arrays: for each level the rows on it in rising order, where the neighbours of each begin, and the
 * neighbours one after the other (compressed sparse rows).
 */
public final class HeapGraph implements GraphContent {

    private final int entryPoint;
    private final Level[] levels;

    /**
     * Wraps the levels, not copied.
     *
     * @param entryPoint a row on the highest level
     * @param levels from level 0 on
     */
    public HeapGraph(int entryPoint, Level... levels) {
        this.entryPoint = entryPoint;
        this.levels = levels.clone();
    }

    /** One level; {@code rows} is empty on level 0, where all rows are. */
    public static final class Level {

        private final int[] rows;
        private final int[] starts;
        private final int[] neighbours;
        private final int maxDegree;

        /**
         * Wraps the arrays, not copied.
         *
         * @param rows the rows on this level, rising; empty for level 0
         * @param starts for each row where its neighbours begin, and at the end where the last ones end
         * @param neighbours ordinals
         */
        public Level(int[] rows, int[] starts, int[] neighbours) {
            this.rows = rows;
            this.starts = starts;
            this.neighbours = neighbours;
            int most = 0;
            for (int i = 1; i < starts.length; i++) {
                most = Math.max(most, starts[i] - starts[i - 1]);
            }
            this.maxDegree = most;
        }
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
        while (level + 1 < levels.length && Arrays.binarySearch(levels[level + 1].rows, ordinal) >= 0) {
            level++;
        }
        return level;
    }

    @Override
    public int maxDegree(int level) {
        return levels[level].maxDegree;
    }

    @Override
    public int neighbours(int level, int ordinal, int[] target) {
        Level on = levels[level];
        int at = level == 0 ? ordinal : Arrays.binarySearch(on.rows, ordinal);
        int start = on.starts[at];
        int count = on.starts[at + 1] - start;
        System.arraycopy(on.neighbours, start, target, 0, count);
        return count;
    }
}
