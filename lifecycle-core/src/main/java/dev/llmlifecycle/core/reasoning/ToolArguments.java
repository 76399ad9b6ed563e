package dev.llmlifecycle.core.reasoning;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.langchain4j.model.chat.request.json.JsonAnyOfSchema;
import dev.langchain4j.model.chat.request.json.JsonArraySchema;
import dev.langchain4j.model.chat.request.json.JsonBooleanSchema;
import dev.langchain4j.model.chat.request.json.JsonEnumSchema;
import dev.langchain4j.model.chat.request.json.JsonIntegerSchema;
import dev.langchain4j.model.chat.request.json.JsonNullSchema;
import dev.langchain4j.model.chat.request.json.JsonNumberSchema;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonReferenceSchema;
import dev.langchain4j.model.chat.request.json.JsonSchemaElement;
import dev.langchain4j.model.chat.request.json.JsonStringSchema;
import org.jspecify.annotations.Nullable;

/** Checks the arguments that a model gives to a tool against its specification. Raw schemas are not looked into. */
final class ToolArguments {

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();
    private static final int MOST_PROBLEMS = 5;
    private static final int MOST_DEPTH = 50;

    private final List<String> problems = new ArrayList<>();
    private final Map<String, JsonSchemaElement> definitions;

    private ToolArguments(@Nullable JsonObjectSchema schema) {
        this.definitions = schema == null || schema.definitions() == null ? Map.of() : schema.definitions();
    }

    /** Returns the arguments in one spelling, so that equal calls are found; nothing where they are no object. */
    static Optional<String> canonical(String arguments) {
        return parse(arguments).map(node -> {
            try {
                return JSON.writeValueAsString(JSON.treeToValue(node, Object.class));
            } catch (JsonProcessingException e) {
                throw new IllegalStateException("arguments that were read cannot be written", e);
            }
        });
    }

    private static Optional<JsonNode> parse(String arguments) {
        try {
            JsonNode node = JSON.readTree(arguments.isBlank() ? "{}" : arguments);
            return Optional.of(node).filter(JsonNode::isObject);
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    /** Returns what is wrong with arguments, by place and without their values. */
    static List<String> problems(String arguments, @Nullable JsonObjectSchema schema) {
        Optional<JsonNode> node = parse(arguments);
        if (node.isEmpty()) {
            return List.of("the arguments are not one JSON object");
        }
        ToolArguments check = new ToolArguments(schema);
        if (schema != null) {
            check.check(node.get(), schema, "", 0);
        }
        return check.problems;
    }

    private void check(JsonNode value, JsonSchemaElement schema, String path, int depth) {
        if (problems.size() >= MOST_PROBLEMS || depth > MOST_DEPTH) {
            return;
        }
        if (schema instanceof JsonObjectSchema object) {
            object(value, object, path, depth);
        } else if (schema instanceof JsonArraySchema array) {
            if (expect(value.isArray(), path, "an array") && array.items() != null) {
                for (int i = 0; i < value.size(); i++) {
                    check(value.get(i), array.items(), path + "[" + i + "]", depth + 1);
                }
            }
        } else if (schema instanceof JsonEnumSchema choice) {
            expect(
                    value.isTextual() && choice.enumValues().contains(value.asText()),
                    path,
                    "one of " + String.join(", ", choice.enumValues()));
        } else if (schema instanceof JsonStringSchema) {
            expect(value.isTextual(), path, "a text");
        } else if (schema instanceof JsonIntegerSchema) {
            expect(
                    value.isIntegralNumber() || (value.isNumber() && value.asDouble() == Math.rint(value.asDouble())),
                    path,
                    "a whole number");
        } else if (schema instanceof JsonNumberSchema) {
            expect(value.isNumber(), path, "a number");
        } else if (schema instanceof JsonBooleanSchema) {
            expect(value.isBoolean(), path, "true or false");
        } else if (schema instanceof JsonNullSchema) {
            expect(value.isNull(), path, "null");
        } else if (schema instanceof JsonReferenceSchema reference) {
            JsonSchemaElement target = definitions.get(reference.reference());
            if (target != null) {
                check(value, target, path, depth + 1);
            }
        } else if (schema instanceof JsonAnyOfSchema any) {
            anyOf(value, any, path, depth);
        }
    }

    private void object(JsonNode value, JsonObjectSchema schema, String path, int depth) {
        if (!expect(value.isObject(), path, "an object")) {
            return;
        }
        if (schema.required() != null) {
            for (String name : schema.required()) {
                expect(value.has(name), path + "/" + name, "there");
            }
        }
        Map<String, JsonSchemaElement> properties = schema.properties() == null ? Map.of() : schema.properties();
        value.fieldNames().forEachRemaining(name -> {
            JsonSchemaElement property = properties.get(name);
            if (property != null) {
                check(value.get(name), property, path + "/" + name, depth + 1);
            } else {
                expect(!Boolean.FALSE.equals(schema.additionalProperties()), path + "/" + name, "left out");
            }
        });
    }

    private void anyOf(JsonNode value, JsonAnyOfSchema any, String path, int depth) {
        int before = problems.size();
        for (JsonSchemaElement choice : any.anyOf()) {
            check(value, choice, path, depth + 1);
            if (problems.size() == before) {
                return;
            }
            problems.subList(before, problems.size()).clear();
        }
        expect(false, path, "one of the alternatives");
    }

    private boolean expect(boolean holds, String path, String what) {
        if (!holds && problems.size() < MOST_PROBLEMS) {
            problems.add((path.isEmpty() ? "/" : path) + " must be " + what);
        }
        return holds;
    }
}
