package dev.llmlifecycle.samples.measure.content;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.llmlifecycle.samples.measure.data.DataFolder;
import dev.llmlifecycle.samples.measure.data.DataRow;

/** The Berkeley Function Calling Leaderboard: tools, and the arguments that would be right. */
final class ToolCalls {

    static final String SET = "bfcl_tool_calls";

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final Map<String, String> TYPES =
            Map.of("dict", "object", "float", "number", "tuple", "array", "list", "array", "bool", "boolean");

    private ToolCalls() {}

    /**
     * A tool with arguments that would be right.
     *
     * @param tool its name
     * @param schema the JSON Schema of its parameters, which allows no others
     * @param arguments the arguments
     */
    record Call(String tool, JsonNode schema, ObjectNode arguments) {}

    static List<Call> read(DataFolder folder) {
        List<Call> calls = new ArrayList<>();
        for (DataRow row : folder.rows("id", "function", "ground_truth")) {
            JsonNode function = row.json().path("function").path(0);
            JsonNode truth = row.json().path("ground_truth").path(0);
            String name = function.path("name").asText();
            ObjectNode schema = (ObjectNode) schema(function.path("parameters"));
            schema.put("additionalProperties", false);
            ObjectNode arguments = NODES.objectNode();
            truth.path(name).properties().forEach(argument -> {
                JsonNode accepted = argument.getValue().path(0);
                // The empty text among the accepted values means that the argument may be left out.
                if (!accepted.isMissingNode()
                        && !(accepted.isTextual() && accepted.asText().isEmpty())) {
                    arguments.set(
                            argument.getKey(),
                            value(accepted, schema.path("properties").path(argument.getKey())));
                }
            });
            calls.add(new Call(name, schema, arguments));
        }
        return calls;
    }

    /** The types of the set are those of Python. What says nothing to a validator is left out. */
    private static JsonNode schema(JsonNode given) {
        ObjectNode schema = NODES.objectNode();
        String type = given.path("type").asText();
        if (!type.isEmpty() && !type.equals("any")) {
            schema.put("type", TYPES.getOrDefault(type, type));
        }
        if (given.has("items")) {
            schema.set("items", schema(given.get("items")));
        }
        if (given.has("enum")) {
            schema.set("enum", given.get("enum"));
        }
        if (given.has("properties")) {
            ObjectNode properties = schema.putObject("properties");
            given.get("properties")
                    .properties()
                    .forEach(each -> properties.set(each.getKey(), schema(each.getValue())));
        }
        if (given.path("required").isArray()) {
            schema.set("required", given.get("required"));
        }
        return schema;
    }

    /** Members of accepted objects are lists of accepted values, too. */
    private static JsonNode value(JsonNode accepted, JsonNode schema) {
        if (accepted.isObject()) {
            ObjectNode value = NODES.objectNode();
            accepted.properties().forEach(each -> {
                JsonNode first = each.getValue().isArray() ? each.getValue().path(0) : each.getValue();
                if (!(first.isTextual() && first.asText().isEmpty())) {
                    value.set(
                            each.getKey(),
                            value(first, schema.path("properties").path(each.getKey())));
                }
            });
            return value;
        }
        if (accepted.isArray()) {
            ArrayNode value = NODES.arrayNode();
            accepted.forEach(each -> value.add(value(each, schema.path("items"))));
            return value;
        }
        return accepted;
    }

    /** Arguments that are wrong in one way each, by the name of the way. */
    static Map<String, ObjectNode> mutated(Call call, SplittableRandom random) {
        Map<String, ObjectNode> mutated = new LinkedHashMap<>();
        ObjectNode unknown = call.arguments().deepCopy();
        unknown.put("argument_of_another_tool", 1);
        mutated.put("unknown argument", unknown);
        List<String> required = new ArrayList<>();
        call.schema().path("required").forEach(each -> required.add(each.asText()));
        required.removeIf(name -> !call.arguments().has(name));
        if (!required.isEmpty()) {
            ObjectNode missing = call.arguments().deepCopy();
            missing.remove(required.get(random.nextInt(required.size())));
            mutated.put("missing argument", missing);
        }
        List<String> typed = new ArrayList<>();
        call.arguments().fieldNames().forEachRemaining(typed::add);
        typed.removeIf(name -> !call.schema().path("properties").path(name).has("type"));
        if (!typed.isEmpty()) {
            String name = typed.get(random.nextInt(typed.size()));
            ObjectNode wrong = call.arguments().deepCopy();
            boolean object = call.schema()
                    .path("properties")
                    .path(name)
                    .path("type")
                    .asText()
                    .equals("object");
            wrong.set(name, object ? NODES.textNode("{}") : NODES.objectNode().put("value", 1));
            mutated.put("other type", wrong);
        }
        return mutated;
    }
}
