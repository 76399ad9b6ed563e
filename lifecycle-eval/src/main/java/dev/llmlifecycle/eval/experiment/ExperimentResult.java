package dev.llmlifecycle.eval.experiment;

import java.util.List;
import java.util.Objects;

import dev.llmlifecycle.api.data.Dataset;
import dev.llmlifecycle.api.experiment.Direction;
import dev.llmlifecycle.api.experiment.MetricRule;
import dev.llmlifecycle.api.experiment.PairedRow;
import dev.llmlifecycle.api.experiment.PairedRows;
import dev.llmlifecycle.api.experiment.Verdict;

/**
 * What came of an experiment: the verdict, the rows it rests on, and every answer.
 *
 * <p>Immutable.
 *
 * @param dataset the examples
 * @param baseline the baseline arm's name
 * @param candidate the candidate arm's name
 * @param examples both answers to each example that has them, in the dataset's order; of repeats the first
 * @param rows one row for each example and metric, in the dataset's order and within an example in the metrics'
 * @param failures the examples on which an arm failed, in the dataset's order, the baseline first
 * @param verdict the verdict, which {@link Verdict#isReproducedBy} the rows
 * @param missing the answers that the run did not get to, in the dataset's order; empty unless the cap stopped it
 * @param use what it took
 * @since 0.1
 */
public record ExperimentResult(
        Dataset dataset,
        String baseline,
        String candidate,
        List<ExampleResult> examples,
        PairedRows rows,
        List<ArmFailure> failures,
        Verdict verdict,
        List<MissingAnswer> missing,
        RunUse use) {

    /** Checks and copies. */
    public ExperimentResult {
        Objects.requireNonNull(dataset, "dataset");
        Objects.requireNonNull(baseline, "baseline");
        Objects.requireNonNull(candidate, "candidate");
        examples = List.copyOf(examples);
        Objects.requireNonNull(rows, "rows");
        failures = List.copyOf(failures);
        Objects.requireNonNull(verdict, "verdict");
        missing = List.copyOf(missing);
        Objects.requireNonNull(use, "use");
    }

    /**
     * Tells whether every answer is there.
     *
     * @return false where the cap stopped the run
     */
    public boolean isComplete() {
        return missing.isEmpty();
    }

    /**
     * Returns the ids of the examples on which the candidate does better, of those that pass or fail that only it
     * passes.
     *
     * @param metric the metric's name
     * @return the ids in the dataset's order, none where there is no such metric
     */
    public List<String> gained(String metric) {
        return changed(metric, 1);
    }

    /**
     * Returns the ids of the examples on which the baseline does better, of those that pass or fail that only it
     * passes.
     *
     * @param metric the metric's name
     * @return the ids in the dataset's order, none where there is no such metric
     */
    public List<String> lost(String metric) {
        return changed(metric, -1);
    }

    private List<String> changed(String metric, int sign) {
        MetricRule rule = verdict.policy().metrics().get(metric);
        if (rule == null) {
            return List.of();
        }
        int wanted = rule.direction() == Direction.HIGHER_IS_BETTER ? sign : -sign;
        return rows.stream()
                .filter(row -> row.metric().equals(metric) && Math.signum(row.difference()) == wanted)
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
