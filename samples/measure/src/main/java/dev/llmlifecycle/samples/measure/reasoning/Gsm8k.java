package dev.llmlifecycle.samples.measure.reasoning;

import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import dev.llmlifecycle.samples.measure.data.DataFolder;
import dev.llmlifecycle.samples.measure.data.DataRow;
import dev.llmlifecycle.samples.measure.data.MissingDataException;
import dev.llmlifecycle.samples.measure.task.MeasureContext;

/** The rows of GSM8K: worked solutions, and solutions of four models. */
final class Gsm8k {

    static final String SET = "gsm8k";
    static final List<String> MODELS =
            List.of("6b_finetuning", "6b_verification", "175b_finetuning", "175b_verification");

    private Gsm8k() {}

    /**
     * A solution somebody wrote.
     *
     * @param question what was asked
     * @param text the solution
     * @param right whether its answer is recorded as right
     */
    record Solution(String question, String text, boolean right) {}

    static List<DataRow> rows(MeasureContext context) {
        List<String> fields = new ArrayList<>(MODELS);
        fields.add("ground_truth");
        fields.add("question");
        return context.report(SET).rows(fields, List.of());
    }

    /** Returns the solutions of reference on which rules were looked at, none where that part is missing. */
    static List<Solution> references(MeasureContext context) {
        try {
            return DataFolder.of(context.data().resolve(SET)).rows("question", "answer").stream()
                    .map(row -> new Solution(row.text("question"), row.text("answer"), true))
                    .toList();
        } catch (MissingDataException e) {
            context.progress().accept("no worked solutions to look at under " + context.data());
            return List.of();
        }
    }

    static Solution solution(DataRow row, String model) {
        JsonNode solution = row.json().path(model).path("solution");
        JsonNode label = row.json().path(model).path("is_correct");
        if (!solution.isTextual() || !label.isBoolean()) {
            throw row.damaged("field '" + model + "' has no text 'solution' or no truth value 'is_correct'");
        }
        return new Solution(row.text("question"), solution.asText(), label.asBoolean());
    }
}
