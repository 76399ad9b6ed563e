package dev.llmlifecycle.samples.measure.verdict;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import dev.llmlifecycle.samples.measure.data.DataRow;
import dev.llmlifecycle.samples.measure.task.Figure;
import dev.llmlifecycle.samples.measure.task.MeasureContext;
import dev.llmlifecycle.samples.measure.task.MeasureTask;

/**
 * GSM8K: four recorded systems against each other, each solution right when its final number is that of the reference.
 * Nothing is fitted or tuned.
 *
 * <p>Thread-safe.
 *
 * @since 0.1
 */
public final class Gsm8kVerdictTask implements MeasureTask {

    private static final String SET = "gsm8k";
    private static final List<String> MODELS =
            List.of("6b_finetuning", "6b_verification", "175b_finetuning", "175b_verification");

    /** Creates the task. */
    public Gsm8kVerdictTask() {}

    @Override
    public String name() {
        return "verdict-gsm8k";
    }

    @Override
    public String description() {
        return "verdicts on four recorded systems on grade school arithmetic, pairwise";
    }

    @Override
    public List<Figure> run(MeasureContext context) {
        List<DataRow> rows = rows(context);
        Map<String, boolean[]> right = new HashMap<>();
        List<Figure> figures = new ArrayList<>();
        for (String model : MODELS) {
            boolean[] own = new boolean[rows.size()];
            int agreed = 0;
            for (int i = 0; i < own.length; i++) {
                DataRow row = rows.get(i);
                own[i] = isRight(row, model);
                JsonNode label = row.json().path(model).path("is_correct");
                agreed += own[i] == RecordedAnswers.label(row, label, "is_correct") ? 1 : 0;
            }
            right.put(model, own);
            figures.add(Figure.share(SET + "/" + model, "agrees with the recorded label", agreed, own.length));
        }
        figures.addAll(VerdictTable.figures(comparisons(rows, right)));
        return figures;
    }

    static List<DataRow> rows(MeasureContext context) {
        List<String> fields = new ArrayList<>(MODELS);
        fields.add("ground_truth");
        return context.report(SET).rows(fields, List.of());
    }

    static String reference(DataRow row) {
        String reference = row.text("ground_truth");
        if (!RecordedAnswers.sameNumber(reference, reference)) {
            throw row.damaged("field 'ground_truth' has no number");
        }
        return reference;
    }

    private static boolean isRight(DataRow row, String model) {
        JsonNode solution = row.json().path(model).path("solution");
        if (!solution.isTextual()) {
            throw row.damaged("field '" + model + "' has no text 'solution'");
        }
        return RecordedAnswers.sameNumber(reference(row), solution.asText());
    }

    private static List<Comparison> comparisons(List<DataRow> rows, Map<String, boolean[]> right) {
        List<Comparison> comparisons = new ArrayList<>();
        for (int first = 0; first < MODELS.size(); first++) {
            for (int second = first + 1; second < MODELS.size(); second++) {
                boolean[] baseline = right.getOrDefault(MODELS.get(first), new boolean[0]);
                boolean[] candidate = right.getOrDefault(MODELS.get(second), new boolean[0]);
                List<Comparison.Row> pairs = new ArrayList<>();
                for (int i = 0; i < rows.size(); i++) {
                    pairs.add(new Comparison.Row(RecordedAnswers.id(rows.get(i)), baseline[i], candidate[i]));
                }
                comparisons.add(new Comparison(SET, MODELS.get(first), MODELS.get(second), pairs));
            }
        }
        return comparisons;
    }
}
