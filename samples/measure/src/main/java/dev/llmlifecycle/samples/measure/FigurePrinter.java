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
            lines.append(node).append('\n');
        }
        return lines.toString();
    }

    static String table(List<Figure> figures) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("set", "figure", "value", "95 % interval", "n"));
        for (Figure figure : figures) {
            rows.add(List.of(
                    figure.set(),
                    figure.name(),
                    number(figure.value()),
                    number(figure.interval().low()) + " to "
                            + number(figure.interval().high()),
                    Long.toString(figure.n())));
        }
        return align(rows, 2);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }

    /** Pads all columns but those from {@code textColumns} on to the left, and the last one not at all. */
    private static String align(List<List<String>> rows, int textColumns) {
        int columns = rows.isEmpty() ? 0 : rows.get(0).size();
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < columns; i++) {
                String padding = " ".repeat(widths[i] - row.get(i).length());
                line.append(i < textColumns ? row.get(i) + padding : padding + row.get(i))
                        .append("  ");
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }
}
