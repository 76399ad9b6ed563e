package dev.llmlifecycle.samples.measure.content;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import dev.langchain4j.data.segment.TextSegment;
import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.api.validation.ValidationContext;
import dev.llmlifecycle.samples.measure.data.DataFolder;
import dev.llmlifecycle.samples.measure.data.DataRow;

/** MT-RAG: the last question of a dialogue, the passages for it, and what three systems answered. */
final class Dialogues {

    static final String SET = "mtrag_human_eval";

    private Dialogues() {}

    /**
     * An answer in its dialogue.
     *
     * @param conversation which dialogue it is of; several turns are of one
     * @param question the last turn, with its passages
     * @param text what was answered
     */
    record Answer(String conversation, ValidationContext question, String text) {}

    static List<Answer> read(DataFolder folder) {
        Map<String, String> documents = new HashMap<>();
        for (DataRow row : folder.rows("document_id", "text")) {
            documents.put(row.text("document_id"), row.text("text"));
        }
        Map<String, ValidationContext> questions = new HashMap<>();
        for (DataRow row : folder.rows("task_id", "input", "contexts")) {
            JsonNode turns = row.json().path("input");
            List<Passage> passages = new ArrayList<>();
            for (JsonNode each : row.json().path("contexts")) {
                String id = each.path("document_id").asText();
                String text = documents.get(id);
                if (text == null) {
                    throw row.damaged("the document '" + id + "' is not there");
                }
                passages.add(new Passage(id, TextSegment.from(text), 1));
            }
            String question = turns.path(turns.size() - 1).path("text").asText();
            questions.put(row.text("task_id"), ValidationContext.of(question, passages));
        }
        List<Answer> answers = new ArrayList<>();
        for (DataRow row : folder.rows("task_id", "model_id", "model_response")) {
            ValidationContext question = questions.get(row.text("task_id"));
            if (question == null) {
                throw row.damaged("there is no task of that id");
            }
            String task = row.text("task_id");
            int turn = task.indexOf("<::>");
            if (!row.text("model_response").isBlank()) {
                answers.add(
                        new Answer(turn < 0 ? task : task.substring(0, turn), question, row.text("model_response")));
            }
        }
        return answers;
    }
}
