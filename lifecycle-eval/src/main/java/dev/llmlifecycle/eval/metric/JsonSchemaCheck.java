package dev.llmlifecycle.eval.metric;

import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;

/**
 * Checks values against a JSON schema. The validator behind it is optional, and nothing else in the library touches it.
 */
final class JsonSchemaCheck {

    private static final SpecificationVersion DRAFT = SpecificationVersion.DRAFT_2020_12;

    private final Schema schema;

    private JsonSchemaCheck(Schema schema) {
        this.schema = schema;
    }

    static JsonSchemaCheck of(String metric, String schema) {
        return of(metric, schema, DRAFT, SchemaRegistry.withDefaultDialect(DRAFT));
    }

    /** Takes the draft of schemas that name none, and a registry that may know other schemas, by their addresses. */
    static JsonSchemaCheck of(String metric, String schema, SpecificationVersion draft, SchemaRegistry registry) {
        try {
            JsonNode json = JsonAnswers.MAPPER.readTree(schema);
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
                    "the JSON schema of metric '" + metric + "' cannot be used; correct what the cause names", e);
        }
    }

    /** A schema under a meta-schema of its own is left to the validator. */
    private static List<Error> ofMetaSchema(JsonNode schema, SpecificationVersion draft, SchemaRegistry registry) {
        return (schema.has("$schema") ? SpecificationVersion.fromSchemaNode(schema) : Optional.of(draft))
                .map(known -> registry.getSchema(SchemaLocation.of(known.getDialectId()))
                        .validate(schema))
                .orElse(List.of());
    }

    boolean accepts(JsonNode value) {
        return schema.validate(value).isEmpty();
    }
}
