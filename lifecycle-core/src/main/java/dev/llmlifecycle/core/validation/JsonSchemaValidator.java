package dev.llmlifecycle.core.validation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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

/**
 * Checks that a text is JSON and valid under a schema, repairs what is only badly written, and tells the model what is
 * wrong with the rest.
 */
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
        this.identity = Identity.of(name, "2", Map.of("schema", schema));
    }

    @Override
    public Identity identity() {
        return identity;
    }

    @Override
    public ValidationOutcome validate(String text, ValidationContext context) {
        return validate(name, check, text, "The JSON of your answer is wrong: ");
    }

    /** Judges a text under a schema; the words begin what the model is told. */
    static ValidationOutcome validate(String name, JsonSchemaCheck check, String text, String words) {
        try {
            List<String> mistakes = check.errors(MAPPER.readTree(CodeFence.remove(text)));
            return refused(name, text, words, "schema-violation", mistakes);
        } catch (JsonProcessingException e) {
            Optional<JsonRepair.Repaired> repaired = JsonRepair.repair(text);
            List<String> mistakes =
                    repaired.map(done -> check.errors(read(done))).orElse(List.of());
            if (repaired.isPresent() && mistakes.isEmpty() && !repaired.get().losesData()) {
                return ValidationOutcome.following(text, List.of(repaired(name, repaired.get())));
            }
            // Jackson's message and its cause quote the text, so only the place is told.
            List<String> all = new ArrayList<>(List.of("it is not JSON" + place(e)));
            all.addAll(mistakes);
            return refused(name, text, words, "invalid-json", all);
        }
    }

    private static Finding repaired(String name, JsonRepair.Repaired repaired) {
        return Finding.of(
                        name,
                        "repaired-json",
                        Finding.Severity.ERROR,
                        "The JSON was badly written and has been repaired: " + repaired.changes())
                .withRemedy(new Remedy.Rewrite(repaired.json()));
    }

    private static JsonNode read(JsonRepair.Repaired repaired) {
        try {
            return MAPPER.readTree(repaired.json());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a repaired document is not JSON; report this", e);
        }
    }

    private static ValidationOutcome refused(
            String name, String text, String words, String code, List<String> mistakes) {
        return ValidationOutcome.following(
                text,
                mistakes.stream()
                        .limit(MOST_FINDINGS)
                        .map(mistake -> Finding.of(
                                        name,
                                        code,
                                        Finding.Severity.ERROR,
                                        "The JSON does not fit its schema: " + mistake)
                                .withRemedy(new Remedy.AskAgain(
                                        words + mistake + ". Answer again with the whole JSON and nothing else.")))
                        .toList());
    }

    private static String place(JsonProcessingException e) {
        return e.getLocation() == null
                ? ""
                : " (line " + e.getLocation().getLineNr() + ", column "
                        + e.getLocation().getColumnNr() + ")";
    }
}
