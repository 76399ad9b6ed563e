package dev.llmlifecycle.core.prompt;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/** Makes JSON Schema of Picoschema, the short form in which Dotprompt files write schemas. */
final class Picoschema {

    private static final Set<String> SCALARS = Set.of("string", "boolean", "null", "number", "integer", "any");
    private static final Set<String> JSON_TYPES =
            Set.of("string", "boolean", "null", "number", "integer", "object", "array");
    private static final String WILDCARD = "(*)";
    private static final String TYPE = "type";
    private static final String DESCRIPTION = "description";

    private final Map<String, ?> named;

    private Picoschema(Map<String, ?> named) {
        this.named = named;
    }

    /**
     * Returns a schema as JSON Schema.
     *
     * @param schema Picoschema, or JSON Schema, which is returned as it is
     * @param named schemas that are known by a name
     * @throws IllegalArgumentException when it is neither
     */
    static Map<String, Object> jsonSchema(@Nullable Object schema, Map<String, ?> named) {
        Picoschema reader = new Picoschema(named);
        if (schema instanceof Map<?, ?> map) {
            if (map.get(TYPE) instanceof String type && JSON_TYPES.contains(type)) {
                return copy(map);
            }
            if (map.get("properties") instanceof Map<?, ?>) {
                Map<String, Object> object = copy(map);
                object.put(TYPE, "object");
                return object;
            }
        }
        return reader.schema(schema);
    }

    private Map<String, Object> schema(@Nullable Object value) {
        if (value instanceof String scalar) {
            return scalar(scalar);
        }
        if (value instanceof Map<?, ?> object) {
            return object(object);
        }
        throw new IllegalArgumentException(
                "a schema is neither a type nor an object; write one such as 'string', or" + " names with their types");
    }

    private Map<String, Object> scalar(String text) {
        Described described = Described.of(text);
        Map<String, Object> schema = new LinkedHashMap<>();
        if (named.get(described.word()) instanceof Map<?, ?> known) {
            schema.putAll(copy(known));
        } else if (!SCALARS.contains(described.word())) {
            throw new IllegalArgumentException("the schema has the type '" + described.word()
                    + "', which is none of string, boolean, null, number, integer, any; correct it");
        } else if (!described.word().equals("any")) {
            schema.put(TYPE, described.word());
        }
        described.into(schema);
        return schema;
    }

    private Map<String, Object> object(Map<?, ?> object) {
        Map<String, Object> properties = new LinkedHashMap<>();
        List<String> required = new ArrayList<>();
        Object additional = false;
        for (Map.Entry<?, ?> entry : object.entrySet()) {
            String key = String.valueOf(entry.getKey());
            if (key.equals(WILDCARD)) {
                additional = schema(entry.getValue());
                continue;
            }
            int bracket = key.indexOf('(');
            String name = (bracket < 0 ? key : key.substring(0, bracket)).strip();
            boolean optional = name.endsWith("?");
            name = optional ? name.substring(0, name.length() - 1) : name;
            if (!optional) {
                required.add(name);
            }
            Map<String, Object> property = bracket < 0
                    ? schema(entry.getValue())
                    : structure(name, key.substring(bracket + 1), optional, entry.getValue());
            if (optional && property.get(TYPE) instanceof String type) {
                property.put(TYPE, List.of(type, "null"));
            }
            properties.put(name, property);
        }
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put(TYPE, "object");
        schema.put("properties", properties);
        if (!required.isEmpty()) {
            schema.put("required", required);
        }
        schema.put("additionalProperties", additional);
        return schema;
    }

    /** Reads a property whose name is followed by what it is, such as {@code tags(array, all of them)}. */
    private Map<String, Object> structure(String name, String inside, boolean optional, @Nullable Object value) {
        if (!inside.endsWith(")")) {
            throw new IllegalArgumentException(
                    "the type of '" + name + "' has no closing bracket; write it like tags(array)");
        }
        Described described = Described.of(inside.substring(0, inside.length() - 1));
        Map<String, Object> property = switch (described.word()) {
            case "array" -> new LinkedHashMap<>(Map.of(TYPE, "array", "items", schema(value)));
            case "object" -> schema(value);
            case "enum" -> new LinkedHashMap<>(Map.of("enum", choice(name, optional, value)));
            default ->
                throw new IllegalArgumentException("'" + name + "' is a '" + described.word()
                        + "', which is none of array, object, enum; correct it");
        };
        described.into(property);
        return property;
    }

    private static List<Object> choice(String name, boolean optional, @Nullable Object value) {
        if (!(value instanceof List<?> values)) {
            throw new IllegalArgumentException("the enum '" + name + "' has no list of values; write one");
        }
        List<Object> choice = new ArrayList<>(values);
        if (optional && !choice.contains(null)) {
            choice.add(null);
        }
        return choice;
    }

    private static Map<String, Object> copy(Map<?, ?> map) {
        Map<String, Object> copy = new LinkedHashMap<>();
        map.forEach((key, value) -> copy.put(String.valueOf(key), value));
        return copy;
    }

    /** A type and what stands behind its first comma. */
    private record Described(String word, String description) {

        static Described of(String text) {
            int comma = text.indexOf(',');
            return comma < 0
                    ? new Described(text.strip(), "")
                    : new Described(
                            text.substring(0, comma).strip(),
                            text.substring(comma + 1).strip());
        }

        void into(Map<String, Object> schema) {
            if (!description.isEmpty()) {
                schema.put(DESCRIPTION, description);
            }
        }
    }
}
