package dev.llmlifecycle.eval.metric;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.llmlifecycle.api.app.Answer;

/** Reads answers that should be JSON. */
final class JsonAnswers {

    static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private JsonAnswers() {}

    /** Returns the value of an answer, missing where there is no answer or it is not JSON. */
    static JsonNode of(Answer answer) {
        if (!answer.isAnswered()) {
            return MissingNode.getInstance();
        }
        try {
            return MAPPER.readTree(answer.text());
        } catch (JsonProcessingException e) {
            // An answer that is not JSON is a wrong answer, not a failure.
            return MissingNode.getInstance();
        }
    }

    /** Returns a value as expected outputs write it: texts and numbers as they are, the rest as compact JSON. */
    static String text(JsonNode value) {
        return value.isValueNode() ? value.asText() : value.toString();
    }
}
