package dev.llmlifecycle.eval.metric;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;

/** Reads answers that should be JSON. */
final class JsonAnswers {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private JsonAnswers() {}

    /** Returns the value at a place, missing where there is none or the text is not JSON. */
    static JsonNode at(String text, JsonPointer place) {
        try {
            return MAPPER.readTree(text).at(place);
        } catch (JsonProcessingException e) {
            // An answer that is not JSON is a wrong answer, not a failure.
            return MissingNode.getInstance();
        }
    }
}
