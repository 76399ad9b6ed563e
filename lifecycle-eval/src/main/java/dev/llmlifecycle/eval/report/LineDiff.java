package dev.llmlifecycle.eval.report;

import java.util.ArrayList;
import java.util.List;

/** The lines that two texts share and those that only one has, by a longest common subsequence. */
final class LineDiff {

    private static final int MOST_CELLS = 4_000_000;

    private LineDiff() {}

    /** Compares two texts; what is removed stands before what is added in its place. */
    static List<Line> of(List<String> before, List<String> after) {
        List<Line> lines = new ArrayList<>();
        int start = 0;
        while (start < before.size()
                && start < after.size()
                && before.get(start).equals(after.get(start))) {
            lines.add(new Line(Kind.KEPT, before.get(start)));
            start++;
        }
        middle(before.subList(start, before.size()), after.subList(start, after.size()), lines);
        return lines;
    }

    private static void middle(List<String> before, List<String> after, List<Line> lines) {
        if ((long) before.size() * after.size() > MOST_CELLS) {
            before.forEach(line -> lines.add(new Line(Kind.REMOVED, line)));
            after.forEach(line -> lines.add(new Line(Kind.ADDED, line)));
            return;
        }
        int[][] common = new int[before.size() + 1][after.size() + 1];
        for (int i = before.size() - 1; i >= 0; i--) {
            for (int j = after.size() - 1; j >= 0; j--) {
                common[i][j] = before.get(i).equals(after.get(j))
                        ? common[i + 1][j + 1] + 1
                        : Math.max(common[i + 1][j], common[i][j + 1]);
            }
        }
        int i = 0;
        int j = 0;
        while (i < before.size() || j < after.size()) {
            if (i < before.size() && j < after.size() && before.get(i).equals(after.get(j))) {
                lines.add(new Line(Kind.KEPT, before.get(i)));
                i++;
                j++;
            } else if (i < before.size() && (j == after.size() || common[i + 1][j] >= common[i][j + 1])) {
                lines.add(new Line(Kind.REMOVED, before.get(i)));
                i++;
            } else {
                lines.add(new Line(Kind.ADDED, after.get(j)));
                j++;
            }
        }
    }

    /** One line and where it stands. */
    record Line(Kind kind, String text) {}

    /** Where a line stands. */
    enum Kind {
        KEPT,
        REMOVED,
        ADDED
    }
}
