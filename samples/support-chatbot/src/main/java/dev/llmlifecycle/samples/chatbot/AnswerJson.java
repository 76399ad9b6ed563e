package dev.llmlifecycle.samples.chatbot;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.llmlifecycle.api.app.Answer;
import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.monitoring.Interaction;
import dev.llmlifecycle.api.prompt.PinnedPrompt;
import dev.llmlifecycle.api.retrieval.Citation;
import dev.llmlifecycle.api.validation.Finding;

/** An answer as one JSON object on one line, for programs. */
final class AnswerJson {

    private static final ObjectMapper JSON = new ObjectMapper();

    private AnswerJson() {}

    static String write(Answer answer, AnsweringModel model) {
        Interaction interaction = answer.interaction();
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("question", interaction.question());
        object.put("outcome", interaction.outcome());
        object.put("answer", answer.text());
        object.put(
                "citations",
                answer.citations().stream()
                        .map(citation -> citation(citation, interaction))
                        .toList());
        object.put("release", interaction.release().map(Hash::hex).orElse(null));
        object.put("prompt", interaction.prompt().map(PinnedPrompt::toString).orElse(null));
        object.put("model", model.name());
        object.put("tokens", Map.of("input", interaction.inputTokens(), "output", interaction.outputTokens()));
        object.put("milliseconds", interaction.duration().toMillis());
        object.put("findings", findings(answer.findings()));
        try {
            return JSON.writeValueAsString(object);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("maps, lists, texts and numbers can always be written", e);
        }
    }

    private static Map<String, Object> citation(Citation citation, Interaction interaction) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("number", citation.number());
        object.put("source", citation.source());
        object.put("heading", AnswerText.heading(citation, interaction));
        return object;
    }

    private static List<Map<String, Object>> findings(List<Finding> findings) {
        return findings.stream()
                .<Map<String, Object>>map(finding -> {
                    Map<String, Object> object = new LinkedHashMap<>();
                    object.put("validator", finding.validator());
                    object.put("code", finding.code());
                    object.put("severity", finding.severity().name());
                    object.put("message", finding.message());
                    return object;
                })
                .toList();
    }
}
