package dev.llmlifecycle.retrieval.vector.internal;

import java.util.List;
import java.util.Map;

/** All of a column, in the order of the file: the values of each kind ascending, and the rows of each value. */
final class ColumnContent {

    private final Map<Kind, List<Object>> values;
    private final int[] ends;
    private final int[] rows;

    /**
     * Wraps the values and rows.
     *
     * @param values the values of each kind, in their natural order
     * @param ends for each value in the order of the kinds, where its rows end among the rows
     * @param rows the rows of the first value in ascending order, then those of the second, and so on
     */
    ColumnContent(Map<Kind, List<Object>> values, int[] ends, int[] rows) {
        this.values = values;
        this.ends = ends;
        this.rows = rows;
    }

    List<Object> values(Kind kind) {
        return values.getOrDefault(kind, List.of());
    }

    int valueCount() {
        return ends.length;
    }

    RowList rows(int value) {
        return new RowList(rows, value == 0 ? 0 : ends[value - 1], ends[value]);
    }
}
