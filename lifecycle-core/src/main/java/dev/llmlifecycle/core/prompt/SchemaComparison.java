package dev.llmlifecycle.core.prompt;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.llmlifecycle.api.prompt.ChatPromptTemplate;

/**
 * Compares two JSON Schemas from the side of who reads what they describe: properties, types, requiredness, enums and
 * items. Other keywords that differ are reported as a change that may break, since what they allow is not computed.
 */
final class SchemaComparison {

    private static final String OTHERS = "additionalProperties";
    private static final Set<String> UNDERSTOOD = Set.of(
            "properties",
            "required",
            "type",
            "enum",
            "items",
            "title",
            "description",
            "$schema",
            "$id",
            "examples",
            OTHERS);
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final List<PromptComparison.Change> changes;

    private SchemaComparison(List<PromptComparison.Change> changes) {
        this.changes = changes;
    }

    static void compare(ChatPromptTemplate older, ChatPromptTemplate newer, List<PromptComparison.Change> changes) {
        Optional<String> before = older.outputSchema();
        Optional<String> after = newer.outputSchema();
        SchemaComparison comparison = new SchemaComparison(changes);
        if (before.isEmpty() && after.isPresent()) {
            comparison.add("", PromptComparison.Compatibility.BACKWARD_COMPATIBLE, "it was added");
        } else if (before.isPresent() && after.isEmpty()) {
            comparison.add("", PromptComparison.Compatibility.BREAKING, "it was removed, so the answer is free text");
        } else if (before.isPresent() && after.isPresent()) {
            comparison.schemas("", parse(older.name(), before.get()), parse(newer.name(), after.get()));
        }
    }

    private void schemas(String path, JsonNode was, JsonNode is) {
        if (!was.path("type").equals(is.path("type"))) {
            breaking(path, "its type changed from " + shown(was.path("type")) + " to " + shown(is.path("type")));
            return;
        }
        JsonNode old = was.path("properties");
        JsonNode now = is.path("properties");
        Set<String> names = names(old);
        names.addAll(names(now));
        for (String name : names) {
            String property = path.isEmpty() ? name : path + "." + name;
            if (!now.has(name)) {
                breaking(property, "it was removed");
            } else if (!old.has(name)) {
                add(property, PromptComparison.Compatibility.BACKWARD_COMPATIBLE, "it was added");
            } else {
                requiredness(property, requires(was, name), requires(is, name));
                schemas(property, old.get(name), now.get(name));
            }
        }
        if (was.has("items") || is.has("items")) {
            schemas(path + "[]", was.path("items"), is.path("items"));
        }
        Set<String> choice = texts(was.path("enum"));
        Set<String> grown = texts(is.path("enum"));
        if (!choice.equals(grown)) {
            if (choice.isEmpty() || !choice.containsAll(grown) || grown.isEmpty()) {
                breaking(path, "its enum may have values that it had not before");
            } else {
                add(path, PromptComparison.Compatibility.COMPATIBLE, "its enum has fewer values");
            }
        }
        Set<String> others = names(was);
        others.addAll(names(is));
        others.removeAll(UNDERSTOOD);
        if (was.path(OTHERS).isContainerNode() || is.path(OTHERS).isContainerNode()) {
            others.add(OTHERS);
        } else {
            openness(path, was.path(OTHERS).asBoolean(true), is.path(OTHERS).asBoolean(true));
        }
        for (String keyword : others) {
            if (!was.path(keyword).equals(is.path(keyword))) {
                breaking(path, "its keyword '" + keyword + "' changed, and what that allows is not computed");
            }
        }
    }

    private void requiredness(String property, boolean was, boolean is) {
        if (was && !is) {
            breaking(property, "it is no longer required, and code that reads it may not find it");
        } else if (is && !was) {
            add(property, PromptComparison.Compatibility.BACKWARD_COMPATIBLE, "it is required now");
        }
    }

    private void openness(String path, boolean wasOpen, boolean isOpen) {
        if (!wasOpen && isOpen) {
            add(
                    path,
                    PromptComparison.Compatibility.BACKWARD_COMPATIBLE,
                    "it may have properties that it does not name");
        } else if (wasOpen && !isOpen) {
            add(path, PromptComparison.Compatibility.COMPATIBLE, "it has only the properties that it names now");
        }
    }

    private void breaking(String path, String reason) {
        add(path, PromptComparison.Compatibility.BREAKING, reason);
    }

    private void add(String path, PromptComparison.Compatibility compatibility, String reason) {
        String place = path.isEmpty() ? "output schema" : "output property '" + path + "'";
        changes.add(new PromptComparison.Change(place, compatibility, reason));
    }

    /** Reads the output schema of a prompt. */
    static JsonNode parse(String prompt, String schema) {
        try {
            JsonNode node = MAPPER.readTree(schema);
            if (node.isObject()) {
                return node;
            }
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "prompt '" + prompt + "': the output schema is no JSON; correct it or take StructuredOutput's", e);
        }
        throw new IllegalArgumentException("prompt '" + prompt + "': the output schema is no JSON object; write it as"
                + " one or take StructuredOutput's");
    }

    private static boolean requires(JsonNode schema, String name) {
        return texts(schema.path("required")).contains(name);
    }

    private static Set<String> texts(JsonNode array) {
        Set<String> texts = new TreeSet<>();
        array.forEach(item -> texts.add(item.isTextual() ? item.asText() : item.toString()));
        return texts;
    }

    private static Set<String> names(JsonNode object) {
        Set<String> names = new TreeSet<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static String shown(JsonNode type) {
        return type.isMissingNode() ? "any" : type.isTextual() ? type.asText() : type.toString();
    }
}
