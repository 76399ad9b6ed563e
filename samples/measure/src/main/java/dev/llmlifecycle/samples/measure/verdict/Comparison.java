package dev.llmlifecycle.samples.measure.verdict;

import java.util.ArrayList;
import java.util.List;

import dev.llmlifecycle.api.experiment.PairedRow;

/**
 * Two recorded systems on the same questions.
 *
 * @param set the set and what is compared on it, such as {@code bbh/navigate}
 * @param baseline the name of one system
 * @param candidate the name of the other
 * @param rows the questions, and which system was right
 */
record Comparison(String set, String baseline, String candidate, List<Row> rows) {

    /** The one metric of a recording. */
    static final String METRIC = "correct";

    /** Whether each system was right on a question. */
    record Row(String id, boolean baseline, boolean candidate) {}

    Comparison {
        rows = List.copyOf(rows);
    }

    String name() {
        return set + ": " + baseline + " to " + candidate;
    }

    List<PairedRow> pairedRows() {
        List<PairedRow> paired = new ArrayList<>();
        rows.forEach(row -> paired.add(new PairedRow(row.id(), METRIC, row.baseline(), row.candidate())));
        return paired;
    }
}
