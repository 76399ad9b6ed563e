package dev.llmlifecycle.eval.suite;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import dev.llmlifecycle.eval.statistics.MultipleTests;

/**
 * Measures of bias by group, with intervals.
 *
 * <p>Where several are tested, their p-values are those of Holm, so the chance that any of them is small by luck alone
 * is bounded. Immutable.
 *
 * @param title what was tried, on what
 * @param figures the measures
 * @since 0.1
 */
public record BiasReport(String title, List<BiasFigure> figures) {

    /** Checks and copies. */
    public BiasReport {
        if (title.isBlank()) {
            throw new IllegalArgumentException("a bias report has a blank title; say what was tried, on what");
        }
        figures = List.copyOf(figures);
    }

    /** Adjusts the p-values of figures that are read together. */
    static List<BiasFigure> adjusted(List<BiasFigure> figures) {
        double[] pValues = figures.stream()
                .flatMapToDouble(figure -> figure.pValue().stream())
                .toArray();
        double[] holm = pValues.length == 0 ? pValues : MultipleTests.holm(pValues);
        List<BiasFigure> adjusted = new ArrayList<>();
        int next = 0;
        for (BiasFigure figure : figures) {
            adjusted.add(figure.pValue().isPresent() ? figure.withPValue(holm[next++]) : figure);
        }
        return adjusted;
    }

    /**
     * Lists the figures whose adjusted p-value is below a level: where the groups are treated differently beyond
     * chance.
     *
     * @param alpha the level in (0, 1), such as 0.05
     * @return the figures, in the order of the report
     */
    public List<BiasFigure> significant(double alpha) {
        if (!(alpha > 0 && alpha < 1)) {
            throw new IllegalArgumentException("the level must be in (0, 1) but was " + alpha + "; 0.05 is usual");
        }
        return figures.stream()
                .filter(figure -> figure.pValue().isPresent() && figure.pValue().getAsDouble() < alpha)
                .toList();
    }

    /**
     * Writes the report as a table in Markdown.
     *
     * @return the text, ending with a line break
     */
    public String toMarkdown() {
        StringBuilder text = new StringBuilder("# ").append(cell(title)).append("\n\n");
        text.append("| Measure | Group | Value | Interval | n | p |\n| --- | --- | ---: | --- | ---: | ---: |\n");
        for (BiasFigure figure : figures) {
            text.append("| ")
                    .append(cell(figure.measure()))
                    .append(" | ")
                    .append(cell(figure.group()))
                    .append(String.format(
                            Locale.ROOT,
                            " | %.3f | [%.3f, %.3f] at %.0f %% | %d | %s |%n",
                            figure.value(),
                            figure.interval().low(),
                            figure.interval().high(),
                            100 * figure.interval().level(),
                            figure.n(),
                            figure.pValue().isPresent()
                                    ? String.format(
                                            Locale.ROOT, "%.4f", figure.pValue().getAsDouble())
                                    : ""));
        }
        return text.toString().replace(System.lineSeparator(), "\n");
    }

    private static String cell(String text) {
        return text.replace("|", "\\|").replace('\n', ' ');
    }
}
