package dev.llmlifecycle.samples.measure.groundedness;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.core.validation.content.LabelledAnswer;
import dev.llmlifecycle.samples.measure.data.DataFolder;
import dev.llmlifecycle.samples.measure.data.DataRow;

/** Answers beside the texts they were to stand on, as people judged them. */
final class JudgedAnswers {

    static final String BEGIN = "begin";
    static final String FAITHDIAL = "faithdial_audit";

    private static final List<String> MODELS = List.of("ctrl", "doha", "gpt2");

    private JudgedAnswers() {}

    /**
     * BEGIN by the source of the conversation. What is fully attributable is supported; what is not is not, and what is
     * generic is left out.
     */
    static Map<String, List<LabelledAnswer>> begin(DataFolder folder) {
        Map<String, List<LabelledAnswer>> sets = new LinkedHashMap<>();
        for (DataRow row : folder.rows("data_source", "knowledge", "response", "begin_label")) {
            String label = row.text("begin_label");
            boolean attributable = label.equals("Fully attributable");
            if (attributable || label.equals("Not fully attributable")) {
                add(
                        sets,
                        BEGIN + "/" + row.text("data_source"),
                        row.text("response"),
                        row.text("knowledge"),
                        attributable);
            }
        }
        return sets;
    }

    /** The audit of FaithDial: any hallucination is not supported, entailment without one is; the rest is left out. */
    static Map<String, List<LabelledAnswer>> faithDial(DataFolder folder) {
        Map<String, List<LabelledAnswer>> sets = new LinkedHashMap<>();
        for (DataRow row : folder.rows("evidence", "response", "BEGIN")) {
            judged(row.text("BEGIN"))
                    .ifPresent(supported ->
                            add(sets, FAITHDIAL + "/gold", row.text("response"), row.text("evidence"), supported));
        }
        for (String model : MODELS) {
            for (DataRow row : folder.rows("knowledge", model, "begin_label")) {
                judged(row.text("begin_label"))
                        .ifPresent(supported ->
                                add(sets, FAITHDIAL + "/" + model, row.text(model), row.text("knowledge"), supported));
            }
        }
        return sets;
    }

    /** MTRAG: faithful by the median of the judges, of 1 to 4: at least 3, or at most 2. */
    static List<LabelledAnswer> mtrag(DataFolder folder) {
        Map<String, String> documents = new LinkedHashMap<>();
        folder.rows("document_id", "text").forEach(row -> documents.put(row.text("document_id"), row.text("text")));
        Map<String, List<String>> contexts = new LinkedHashMap<>();
        for (DataRow row : folder.rows("task_id", "contexts")) {
            List<String> texts = new ArrayList<>();
            for (JsonNode context : row.json().path("contexts")) {
                Optional.ofNullable(documents.get(context.path("document_id").asText()))
                        .ifPresent(texts::add);
            }
            contexts.put(row.text("task_id"), texts);
        }
        List<LabelledAnswer> answers = new ArrayList<>();
        for (DataRow row : folder.rows("task_id", "model_response", "annotations")) {
            List<String> texts = contexts.getOrDefault(row.text("task_id"), List.of());
            List<Integer> judged = new ArrayList<>();
            row.json()
                    .path("annotations")
                    .path("faithfulness")
                    .forEach(judge -> judged.add(judge.path("value").asInt()));
            judged.sort(null);
            if (!texts.isEmpty()
                    && !judged.isEmpty()
                    && !row.text("model_response").isBlank()) {
                int median = judged.get((judged.size() - 1) / 2);
                answers.add(new LabelledAnswer(row.text("model_response"), texts, median >= 3));
            }
        }
        return answers;
    }

    /**
     * HaluEval QA: rows whose right and hallucinated answers are of one length, at most a quarter longer or shorter.
     */
    static List<LabelledAnswer> haluEval(DataFolder folder) {
        List<LabelledAnswer> answers = new ArrayList<>();
        for (DataRow row : folder.rows("knowledge", "right_answer", "hallucinated_answer")) {
            String right = row.text("right_answer");
            String wrong = row.text("hallucinated_answer");
            boolean alike = Math.max(right.length(), wrong.length()) <= 1.25 * Math.min(right.length(), wrong.length());
            if (alike && !right.isBlank() && !wrong.isBlank()) {
                answers.add(new LabelledAnswer(right, List.of(row.text("knowledge")), true));
                answers.add(new LabelledAnswer(wrong, List.of(row.text("knowledge")), false));
            }
        }
        return answers;
    }

    /** All answers over one text are in one half. */
    static boolean isReported(LabelledAnswer answer) {
        String hex = Hash.ofUtf8(answer.passages().get(0)).hex();
        return Integer.parseInt(hex.substring(0, 2), 16) % 2 == 1;
    }

    private static Optional<Boolean> judged(String labels) {
        String lower = labels.toLowerCase(Locale.ROOT);
        if (lower.contains("hallucination")) {
            return Optional.of(false);
        }
        return lower.contains("entailment") ? Optional.of(true) : Optional.empty();
    }

    private static void add(
            Map<String, List<LabelledAnswer>> sets, String set, String answer, String passage, boolean supported) {
        if (!answer.isBlank() && !passage.isBlank()) {
            sets.computeIfAbsent(set, key -> new ArrayList<>())
                    .add(new LabelledAnswer(answer, List.of(passage), supported));
        }
    }
}
