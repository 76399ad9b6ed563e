package dev.llmlifecycle.core.prompt;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** How a Java type stands in JSON: the schema that describes it, and the value that is read from it. */
sealed interface OutputShape {

    ObjectNode schema(OutputDefinitions definitions);

    /** Reads a value that is there and not null. */
    Object read(JsonNode json, OutputPlace place);

    private static Object readPresent(OutputShape shape, JsonNode json, OutputPlace place) {
        if (json.isNull()) {
            throw place.wrong("is null");
        }
        return shape.read(json, place);
    }

    private static ObjectNode object(String type) {
        return JsonNodeFactory.instance.objectNode().put("type", type);
    }

    /** A text, number or boolean. */
    record Plain(String name, ObjectNode form, Function<JsonNode, Optional<?>> reader) implements OutputShape {

        @Override
        public ObjectNode schema(OutputDefinitions definitions) {
            return form.deepCopy();
        }

        @Override
        public Object read(JsonNode json, OutputPlace place) {
            return reader.apply(json).orElseThrow(() -> place.wrong("is not " + name));
        }
    }

    /** A list, set or array. */
    record Items(OutputShape item, Function<List<Object>, Object> collector) implements OutputShape {

        @Override
        public ObjectNode schema(OutputDefinitions definitions) {
            ObjectNode schema = object("array");
            schema.set("items", item.schema(definitions));
            return schema;
        }

        @Override
        public Object read(JsonNode json, OutputPlace place) {
            if (!json.isArray()) {
                throw place.wrong("is not an array");
            }
            List<Object> items = new ArrayList<>(json.size());
            for (JsonNode each : json) {
                items.add(readPresent(item, each, place.item(items.size())));
            }
            return collector.apply(items);
        }
    }

    /** A map with text keys. */
    record Entries(OutputShape value) implements OutputShape {

        @Override
        public ObjectNode schema(OutputDefinitions definitions) {
            ObjectNode schema = object("object");
            schema.set("additionalProperties", value.schema(definitions));
            return schema;
        }

        @Override
        public Object read(JsonNode json, OutputPlace place) {
            if (!json.isObject()) {
                throw place.wrong("is not an object");
            }
            Map<String, Object> entries = new LinkedHashMap<>();
            json.properties()
                    .forEach(entry -> entries.put(entry.getKey(), readPresent(value, entry.getValue(), place.entry())));
            return Collections.unmodifiableMap(entries);
        }
    }

    /** A record. Its properties come after it, since a record may hold itself. */
    final class Properties implements OutputShape {

        private final Constructor<?> constructor;
        private final Optional<String> description;
        private final List<Property> properties = new ArrayList<>();
        private boolean recursive;

        Properties(Constructor<?> constructor, Optional<String> description) {
            this.constructor = constructor;
            this.description = description;
        }

        String name() {
            return constructor.getDeclaringClass().getSimpleName();
        }

        void add(Property property) {
            properties.add(property);
        }

        void holdsItself() {
            recursive = true;
        }

        @Override
        public ObjectNode schema(OutputDefinitions definitions) {
            return recursive ? definitions.reference(this) : body(definitions);
        }

        ObjectNode body(OutputDefinitions definitions) {
            ObjectNode schema = object("object");
            description.ifPresent(text -> schema.put("description", text));
            ObjectNode members = schema.putObject("properties");
            ArrayNode required = JsonNodeFactory.instance.arrayNode();
            for (Property property : properties) {
                ObjectNode member = property.shape().schema(definitions);
                property.description().ifPresent(text -> member.put("description", text));
                members.set(property.name(), member);
                if (property.presence() == Presence.REQUIRED) {
                    required.add(property.name());
                }
            }
            if (!required.isEmpty()) {
                schema.set("required", required);
            }
            return schema.put("additionalProperties", false);
        }

        /** Reads what the record has; what it has not is left alone, as a later version of the schema may add it. */
        @Override
        public Object read(JsonNode json, OutputPlace place) {
            if (!json.isObject()) {
                throw place.wrong("is not an object");
            }
            @Nullable Object[] arguments = new @Nullable Object[properties.size()];
            for (int i = 0; i < arguments.length; i++) {
                Property property = properties.get(i);
                arguments[i] = property.read(json.path(property.name()), place.property(property.name()));
            }
            try {
                return constructor.newInstance(arguments);
            } catch (InvocationTargetException e) {
                // What the record says of its values may quote them, so only the kind of its exception is told.
                throw place.wrong("has values that " + name() + " refuses with "
                        + e.getTargetException().getClass().getName());
            } catch (InstantiationException | IllegalAccessException e) {
                throw new IllegalStateException("the constructor of the record " + name() + " cannot be called", e);
            }
        }
    }

    /** Whether a property has to be there, and what stands for it where it is not. */
    enum Presence {
        REQUIRED,
        OPTIONAL,
        NULLABLE
    }

    /** A component of a record. */
    record Property(String name, OutputShape shape, Presence presence, Optional<String> description) {

        @Nullable Object read(JsonNode json, OutputPlace place) {
            boolean absent = json.isMissingNode() || json.isNull();
            return switch (presence) {
                case OPTIONAL -> absent ? Optional.empty() : Optional.of(shape.read(json, place));
                case NULLABLE -> absent ? null : shape.read(json, place);
                case REQUIRED -> {
                    if (json.isMissingNode()) {
                        throw place.wrong("is missing");
                    }
                    yield readPresent(shape, json, place);
                }
            };
        }
    }
}
