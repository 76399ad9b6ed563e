package dev.llmlifecycle.core.validation;

import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.validation.Finding;
import dev.llmlifecycle.api.validation.Remedy;
import dev.llmlifecycle.api.validation.ValidationContext;
import dev.llmlifecycle.api.validation.ValidationOutcome;
import dev.llmlifecycle.api.validation.Validator;
import dev.llmlifecycle.core.internal.JsonSchemaCheck;
import dev.llmlifecycle.core.internal.text.CodeFence;

/** Checks that a text is JSON and valid under a schema, and tells the model what is not. */
final class JsonSchemaValidator implements Validator {

    private static final int MOST_FINDINGS = 20;
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final String name;
    private final JsonSchemaCheck check;
    private final Identity identity;

    JsonSchemaValidator(String name, String schema) {
        this.name = name;
        this.check = JsonSchemaCheck.of("validator '" + name + "'", schema);
        this.identity = Identity.of(name, "1", Map.of("schema", schema));
    }

    @Override
    public Identity identity() {
        return identity;
    }

    @Override
    public ValidationOutcome validate(String text, ValidationContext context) {
        JsonNode value;
        try {
            value = MAPPER.readTree(CodeFence.remove(text));
        } catch (JsonProcessingException e) {
            // Jackson's message and its cause quote the text, so only the place is told.
            return refused(text, "invalid-json", List.of("it is not JSON" + place(e)));
        }
        return refused(
                text,
                "schema-violation",
                check.errors(value).stream().limit(MOST_FINDINGS).toList());
    }

    private ValidationOutcome refused(String text, String code, List<String> mistakes) {
        return ValidationOutcome.following(
                text,
                mistakes.stream()
                        .map(mistake -> Finding.of(
                                        name,
                                        code,
                                        Finding.Severity.ERROR,
                                        "The JSON does not fit its schema: " + mistake)
                                .withRemedy(new Remedy.AskAgain("The JSON of your answer is wrong: " + mistake
                                        + ". Answer again with the whole JSON and nothing else.")))
                        .toList());
    }

    private static String place(JsonProcessingException e) {
        return e.getLocation() == null
                ? ""
                : " (line " + e.getLocation().getLineNr() + ", column "
                        + e.getLocation().getColumnNr() + ")";
    }
}
