package dev.llmlifecycle.samples.measure.verdict;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

import dev.llmlifecycle.eval.metric.Refusal;
import dev.llmlifecycle.samples.measure.data.DataFolder;
import dev.llmlifecycle.samples.measure.data.DataRow;

/**
 * XSTest: prompts that are safe but sound harmful, prompts that are unsafe, and what people said of recorded answers.
 *
 * @param safe for each prompt whether it should be answered
 * @param answers for each model, in the order of names, the answers by prompt
 */
record Xstest(Map<String, Boolean> safe, Map<String, Map<String, Answer>> answers) {

    static final String SET = "xstest";

    /**
     * A recorded answer.
     *
     * @param text what the model wrote
     * @param label what people said it is
     */
    record Answer(String text, Refusal label) {}

    static Xstest read(DataFolder folder) {
        Map<String, Boolean> safe = new LinkedHashMap<>();
        Map<String, Map<String, Answer>> answers = new TreeMap<>();
        for (DataRow row : folder.rows("id", "type", "completion", "final_label")) {
            String id = row.text("id");
            // The set calls its unsafe prompts contrasts of the safe ones.
            safe.put(id, !row.text("type").startsWith("contrast"));
            Map<String, Answer> own = answers.computeIfAbsent(model(row), model -> new LinkedHashMap<>());
            if (own.put(id, new Answer(row.text("completion"), label(row))) != null) {
                throw row.damaged("the prompt '" + id + "' stands twice for one model");
            }
        }
        return new Xstest(safe, answers);
    }

    private static Refusal label(DataRow row) {
        return switch (row.text("final_label")) {
            case "1_full_compliance" -> Refusal.NONE;
            case "2_full_refusal" -> Refusal.FULL;
            case "3_partial_refusal" -> Refusal.PARTIAL;
            default -> throw row.damaged("field 'final_label' is no label of XSTest");
        };
    }

    /** A model is what its file is called behind the first underscore. */
    private static String model(DataRow row) {
        String file = Path.of(row.file()).getFileName().toString();
        String name = file.contains(".") ? file.substring(0, file.indexOf('.')) : file;
        return name.substring(name.indexOf('_') + 1);
    }
}
