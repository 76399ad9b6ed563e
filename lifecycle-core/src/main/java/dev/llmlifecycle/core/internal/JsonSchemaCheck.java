package dev.llmlifecycle.core.internal;

import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;

/**
 * Checks values against a JSON schema. The validator behind it is optional, and nothing else in the library touches it.
 *
 * <p>Thread-safe.
 *
 * @since 0.1
 */
public final class JsonSchemaCheck {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final SpecificationVersion DRAFT = SpecificationVersion.DRAFT_2020_12;

    private final Schema schema;

    private JsonSchemaCheck(Schema schema) {
        this.schema = schema;
    }

    /**
     * Prepares a check under draft 2020-12, unless the schema names another.
     *
     * @param owner whose schema it is, such as {@code metric 'valid'}, for the message
     * @param schema the schema
     * @return the check
     * @throws IllegalArgumentException when the schema cannot be used; the cause says why
     */
    public static JsonSchemaCheck of(String owner, String schema) {
        return of(owner, schema, DRAFT, SchemaRegistry.withDefaultDialect(DRAFT));
    }

    /**
     * Prepares a check.
     *
     * @param owner whose schema it is, for the message
     * @param schema the schema
     * @param draft the draft of schemas that name none
     * @param registry may know other schemas, by their addresses
     * @return the check
     * @throws IllegalArgumentException when the schema cannot be used; the cause says why
     */
    public static JsonSchemaCheck of(String owner, String schema, SpecificationVersion draft, SchemaRegistry registry) {
        try {
            JsonNode json = JSON.readTree(schema);
            if (!json.isObject() && !json.isBoolean()) {
                throw new IllegalArgumentException("it is neither an object nor a truth value");
            }
            List<Error> errors = ofMetaSchema(json, draft, registry);
            if (!errors.isEmpty()) {
                throw new IllegalArgumentException("it breaks its meta-schema: " + errors.get(0));
            }
            Schema compiled = registry.getSchema(json);
            // Finds references that lead nowhere and patterns that are none, before the first answer.
            compiled.initializeValidators();
            return new JsonSchemaCheck(compiled);
        } catch (JsonProcessingException | RuntimeException e) {
            throw new IllegalArgumentException(
                    "the JSON schema of " + owner + " cannot be used; correct what the cause names", e);
        }
    }

    /** A schema under a meta-schema of its own is left to the validator. */
    private static List<Error> ofMetaSchema(JsonNode schema, SpecificationVersion draft, SchemaRegistry registry) {
        return (schema.has("$schema") ? SpecificationVersion.fromSchemaNode(schema) : Optional.of(draft))
                .map(known -> registry.getSchema(SchemaLocation.of(known.getDialectId()))
                        .validate(schema))
                .orElse(List.of());
    }

    /**
     * Tells whether a value is valid.
     *
     * @param value the value
     * @return true when nothing is wrong with it
     */
    public boolean accepts(JsonNode value) {
        return schema.validate(value).isEmpty();
    }

    /**
     * Finds what is wrong with a value.
     *
     * @param value the value
     * @return each place with what is wrong there, sorted
     */
    public List<String> errors(JsonNode value) {
        return schema.validate(value).stream()
                .map(error -> error.getInstanceLocation() + ": " + error.getMessage())
                .sorted()
                .toList();
    }
}
