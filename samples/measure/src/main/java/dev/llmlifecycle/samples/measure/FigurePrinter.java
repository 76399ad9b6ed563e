package dev.llmlifecycle.samples.measure;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.llmlifecycle.samples.measure.task.Figure;
import dev.llmlifecycle.samples.measure.task.MeasureTask;

/** Turns figures into text. */
final class FigurePrinter {

    /** The column of notes. */
    private static final int NOTE = 5;

    private FigurePrinter() {}

    static String list(List<MeasureTask> tasks) {
        return align(
                tasks.stream()
                        .map(task -> List.of(task.name(), task.description()))
                        .toList(),
                2);
    }

    /** One object a line. */
    static String json(String task, List<Figure> figures) {
        StringBuilder lines = new StringBuilder();
        for (Figure figure : figures) {
            ObjectNode node = JsonNodeFactory.instance
                    .objectNode()
                    .put("task", task)
                    .put("set", figure.set())
                    .put("figure", figure.name())
                    .put("value", figure.value())
                    .put("low", figure.interval().low())
                    .put("high", figure.interval().high())
                    .put("n", figure.n());
            if (!figure.note().isEmpty()) {
                node.put("note", figure.note());
            }
            lines.append(node).append('\n');
        }
        return lines.toString();
    }

    static String table(List<Figure> figures) {
        boolean notes = figures.stream().anyMatch(figure -> !figure.note().isEmpty());
        List<List<String>> rows = new ArrayList<>();
        rows.add(row(notes, "note", "set", "figure", "value", "95 % interval", "n"));
        for (Figure figure : figures) {
            rows.add(row(
                    notes,
                    figure.note(),
                    figure.set(),
                    figure.name(),
                    number(figure.value()),
                    number(figure.interval().low()) + " to "
                            + number(figure.interval().high()),
                    Long.toString(figure.n())));
        }
        return align(rows, 2);
    }

    private static List<String> row(boolean notes, String note, String... cells) {
        List<String> row = new ArrayList<>(List.of(cells));
        if (notes) {
            row.add(note);
        }
        return row;
    }

    /**
     * Three decimals, but whole numbers from ten on without any, and what three would round to nothing with a power.
     */
    private static String number(double value) {
        boolean whole = value == Math.rint(value) && Math.abs(value) >= 10;
        boolean tiny = value != 0 && Math.abs(value) < 0.0005;
        return String.format(Locale.ROOT, whole ? "%.0f" : tiny ? "%.1e" : "%.3f", value);
    }

    /** Pads the columns to one width, those from {@code textColumns} on to the right of it, notes not at all. */
    private static String align(List<List<String>> rows, int textColumns) {
        int columns = rows.isEmpty() ? 0 : rows.get(0).size();
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        StringBuilder lines = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < columns; i++) {
                String padding = " ".repeat(widths[i] - row.get(i).length());
                boolean text = i < textColumns || i == NOTE;
                line.append(text ? row.get(i) + padding : padding + row.get(i)).append("  ");
            }
            lines.append(line.toString().stripTrailing()).append('\n');
        }
        return lines.toString();
    }
}
