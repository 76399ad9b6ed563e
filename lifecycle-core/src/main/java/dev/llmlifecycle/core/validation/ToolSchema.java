package dev.llmlifecycle.core.validation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.model.chat.request.json.JsonAnyOfSchema;
import dev.langchain4j.model.chat.request.json.JsonArraySchema;
import dev.langchain4j.model.chat.request.json.JsonBooleanSchema;
import dev.langchain4j.model.chat.request.json.JsonEnumSchema;
import dev.langchain4j.model.chat.request.json.JsonIntegerSchema;
import dev.langchain4j.model.chat.request.json.JsonNullSchema;
import dev.langchain4j.model.chat.request.json.JsonNumberSchema;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonRawSchema;
import dev.langchain4j.model.chat.request.json.JsonReferenceSchema;
import dev.langchain4j.model.chat.request.json.JsonSchemaElement;
import dev.langchain4j.model.chat.request.json.JsonStringSchema;
import org.jspecify.annotations.Nullable;

/** Writes the parameters of a LangChain4j tool as a JSON Schema that refuses parameters the tool does not have. */
final class ToolSchema {

    private static final String TYPE = "type";
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private ToolSchema() {}

    static String of(ToolSpecification tool) {
        JsonObjectSchema parameters = tool.parameters();
        ObjectNode schema = parameters == null ? type("object") : object(parameters);
        if (!schema.has("additionalProperties")) {
            schema.put("additionalProperties", false);
        }
        return schema.toString();
    }

    private static JsonNode element(JsonSchemaElement element) {
        if (element instanceof JsonObjectSchema object) {
            return object(object);
        }
        if (element instanceof JsonArraySchema array) {
            ObjectNode node = type("array");
            if (array.items() != null) {
                node.set("items", element(array.items()));
            }
            return node;
        }
        if (element instanceof JsonEnumSchema choice) {
            ObjectNode node = NODES.objectNode();
            choice.enumValues().forEach(node.putArray("enum")::add);
            return node;
        }
        if (element instanceof JsonAnyOfSchema anyOf) {
            ObjectNode node = NODES.objectNode();
            anyOf.anyOf().stream().map(ToolSchema::element).forEach(node.putArray("anyOf")::add);
            return node;
        }
        if (element instanceof JsonReferenceSchema reference) {
            return NODES.objectNode().put("$ref", "#/$defs/" + reference.reference());
        }
        if (element instanceof JsonRawSchema raw) {
            return raw(raw.schema());
        }
        @Nullable String simple = simple(element);
        // What is not known is not judged.
        return simple == null ? NODES.objectNode() : type(simple);
    }

    private static @Nullable String simple(JsonSchemaElement element) {
        if (element instanceof JsonStringSchema) {
            return "string";
        }
        if (element instanceof JsonIntegerSchema) {
            return "integer";
        }
        if (element instanceof JsonNumberSchema) {
            return "number";
        }
        if (element instanceof JsonBooleanSchema) {
            return "boolean";
        }
        return element instanceof JsonNullSchema ? "null" : null;
    }

    private static ObjectNode object(JsonObjectSchema object) {
        ObjectNode node = type("object");
        ObjectNode properties = node.putObject("properties");
        object.properties().forEach((name, property) -> properties.set(name, element(property)));
        if (object.required() != null) {
            object.required().forEach(node.putArray("required")::add);
        }
        if (object.additionalProperties() != null) {
            node.put("additionalProperties", object.additionalProperties());
        } else if (!object.properties().isEmpty()) {
            node.put("additionalProperties", false);
        }
        if (object.definitions() != null && !object.definitions().isEmpty()) {
            ObjectNode definitions = node.putObject("$defs");
            object.definitions().forEach((name, definition) -> definitions.set(name, element(definition)));
        }
        return node;
    }

    private static ObjectNode type(String name) {
        return NODES.objectNode().put(TYPE, name);
    }

    private static JsonNode raw(String schema) {
        try {
            return MAPPER.readTree(schema);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("a raw schema of a tool's parameter is not JSON; correct it", e);
        }
    }
}
