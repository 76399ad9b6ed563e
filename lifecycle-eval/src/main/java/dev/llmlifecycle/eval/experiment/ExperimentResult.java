package dev.llmlifecycle.eval.experiment;

import java.util.List;
import java.util.Objects;

import dev.llmlifecycle.api.data.Dataset;
import dev.llmlifecycle.api.experiment.PairedRow;
import dev.llmlifecycle.api.experiment.Verdict;

/**
 * What came of an experiment: the verdict, the rows it rests on, and every answer.
 *
 * <p>Immutable.
 *
 * @param dataset the examples
 * @param baseline the baseline arm's name
 * @param candidate the candidate arm's name
 * @param examples both answers to each example, in the dataset's order
 * @param rows one row for each example and metric, in the dataset's order and within an example in the metrics'
 * @param failures the examples on which an arm failed, in the dataset's order, the baseline first
 * @param verdict the verdict, which {@link Verdict#isReproducedBy} the rows
 * @since 0.1
 */
public record ExperimentResult(
        Dataset dataset,
        String baseline,
        String candidate,
        List<ExampleResult> examples,
        List<PairedRow> rows,
        List<ArmFailure> failures,
        Verdict verdict) {

    /** Checks and copies. */
    public ExperimentResult {
        Objects.requireNonNull(dataset, "dataset");
        Objects.requireNonNull(baseline, "baseline");
        Objects.requireNonNull(candidate, "candidate");
        examples = List.copyOf(examples);
        rows = List.copyOf(rows);
        failures = List.copyOf(failures);
        Objects.requireNonNull(verdict, "verdict");
    }

    /**
     * Returns the ids of the examples that only the candidate passes.
     *
     * @param metric the metric's name
     * @return the ids in the dataset's order, none where there is no such metric
     */
    public List<String> gained(String metric) {
        return rows.stream()
                .filter(row -> row.metric().equals(metric) && row.candidate() && !row.baseline())
                .map(PairedRow::exampleId)
                .toList();
    }

    /**
     * Returns the ids of the examples that only the baseline passes.
     *
     * @param metric the metric's name
     * @return the ids in the dataset's order, none where there is no such metric
     */
    public List<String> lost(String metric) {
        return rows.stream()
                .filter(row -> row.metric().equals(metric) && row.baseline() && !row.candidate())
                .map(PairedRow::exampleId)
                .toList();
    }

    /**
     * Returns the result as text for people, about one screen: for each metric how many passed, the difference with its
     * interval, the p-value, the conclusion, and which examples were gained and lost. It holds ids, never questions or
     * answers.
     *
     * @return several lines, each ended by a line feed
     */
    public String summary() {
        return new ResultSummary(this).text();
    }
}
