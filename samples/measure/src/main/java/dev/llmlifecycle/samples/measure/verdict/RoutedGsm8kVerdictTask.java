package dev.llmlifecycle.samples.measure.verdict;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.llmlifecycle.samples.measure.data.DataRow;
import dev.llmlifecycle.samples.measure.task.Figure;
import dev.llmlifecycle.samples.measure.task.MeasureContext;
import dev.llmlifecycle.samples.measure.task.MeasureTask;

/**
 * GSM8K as RouteLLM recorded it: a weak and a strong model, by the recorded labels, and by the final numbers of the
 * answers against the references of {@code gsm8k}. Nothing is fitted or tuned.
 *
 * <p>Thread-safe.
 *
 * @since 0.1
 */
public final class RoutedGsm8kVerdictTask implements MeasureTask {

    static final String WEAK = "mistralai/Mixtral-8x7B-Instruct-v0.1";
    static final String STRONG = "gpt-4-1106-preview";

    private static final String SET = "routellm_gsm8k";
    private static final String ANSWER = "_response";

    /** Creates the task. */
    public RoutedGsm8kVerdictTask() {}

    @Override
    public String name() {
        return "verdict-routellm-gsm8k";
    }

    @Override
    public String description() {
        return "verdicts on a weak against a strong model on grade school arithmetic, by label and by number";
    }

    @Override
    public List<Figure> run(MeasureContext context) {
        Map<String, String> references = new HashMap<>();
        for (DataRow row : Gsm8kVerdictTask.rows(context)) {
            references.put(row.text("question").strip(), Gsm8kVerdictTask.reference(row));
        }
        List<Comparison.Row> byLabel = new ArrayList<>();
        List<Comparison.Row> byNumber = new ArrayList<>();
        int weakAgrees = 0;
        int strongAgrees = 0;
        int unknown = 0;
        for (DataRow row : context.report(SET).rows("prompt", WEAK, STRONG, WEAK + ANSWER, STRONG + ANSWER)) {
            Comparison.Row label = labels(row);
            byLabel.add(label);
            Optional<String> reference =
                    Optional.ofNullable(references.get(row.text("prompt").strip()));
            if (reference.isEmpty()) {
                unknown++;
                continue;
            }
            Comparison.Row number = new Comparison.Row(
                    label.id(),
                    RecordedAnswers.sameNumber(reference.get(), row.text(WEAK + ANSWER)),
                    RecordedAnswers.sameNumber(reference.get(), row.text(STRONG + ANSWER)));
            byNumber.add(number);
            weakAgrees += number.baseline() == label.baseline() ? 1 : 0;
            strongAgrees += number.candidate() == label.candidate() ? 1 : 0;
        }
        if (unknown > 0) {
            context.progress()
                    .accept(SET + ": " + unknown + " questions without a reference in gsm8k are left out of "
                            + "what is read by number");
        }
        List<Comparison> comparisons = new ArrayList<>();
        comparisons.add(new Comparison(SET + "/by label", "Mixtral-8x7B", "GPT-4", byLabel));
        List<Figure> figures = new ArrayList<>();
        if (!byNumber.isEmpty()) {
            comparisons.add(new Comparison(SET + "/by number", "Mixtral-8x7B", "GPT-4", byNumber));
            String agrees = "agrees with the recorded label";
            figures.add(Figure.share(SET + "/Mixtral-8x7B", agrees, weakAgrees, byNumber.size()));
            figures.add(Figure.share(SET + "/GPT-4", agrees, strongAgrees, byNumber.size()));
        }
        figures.addAll(VerdictTable.figures(comparisons));
        return figures;
    }

    /** Returns the recorded labels of the weak and the strong model. */
    static Comparison.Row labels(DataRow row) {
        return new Comparison.Row(
                RecordedAnswers.id(row),
                RecordedAnswers.label(row, row.json().path(WEAK), WEAK),
                RecordedAnswers.label(row, row.json().path(STRONG), STRONG));
    }
}
