package dev.llmlifecycle.core.internal;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.llmlifecycle.api.identity.Hash;

/**
 * A JSON object that was read, with accessors that say which field is missing or wrong.
 *
 * <p>Every failure is an {@link IllegalArgumentException} whose message names the field and never its content; the
 * caller adds file and line.
 *
 * <p>Immutable.
 *
 * @since 0.1
 */
public final class JsonObject {

    private static final ObjectMapper MAPPER = new ObjectMapper(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    private static final ObjectWriter PRETTY = MAPPER.writer(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .with(new DefaultPrettyPrinter(Separators.createDefaultInstance()
                            .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
                            .withArrayEmptySeparator("")
                            .withObjectEmptySeparator(""))
                    .withObjectIndenter(new DefaultIndenter("  ", "\n"))
                    .withArrayIndenter(new DefaultIndenter("  ", "\n")));

    private final JsonNode node;
    private final String path;

    private JsonObject(JsonNode node, String path) {
        this.node = node;
        this.path = path;
    }

    /**
     * Reads an object.
     *
     * @param json the text
     * @return the object
     * @throws IllegalArgumentException when it is not exactly one JSON object
     */
    public static JsonObject parse(String json) {
        JsonNode node;
        try {
            node = MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            // Jackson's message may quote the text, so only the place is kept.
            throw new IllegalArgumentException("it is not valid JSON" + placeOf(e));
        }
        if (node == null || !node.isObject()) {
            throw new IllegalArgumentException("it is not a JSON object");
        }
        return new JsonObject(node, "");
    }

    /**
     * Makes an object of plain data, such as was read from another syntax.
     *
     * @param values maps, lists, strings, numbers, booleans and nulls
     * @return the object
     */
    public static JsonObject of(Map<String, ?> values) {
        return new JsonObject(MAPPER.valueToTree(values), "");
    }

    /**
     * Returns this object as plain data.
     *
     * @return maps in the order of the text, lists, strings, numbers, booleans and nulls
     */
    public Map<String, Object> toMap() {
        return MAPPER.convertValue(node, new TypeReference<LinkedHashMap<String, Object>>() {});
    }

    /**
     * Writes a value for people and version control: indented, members in the order of their names, a line feed at the
     * end.
     *
     * @param value maps, lists, strings, numbers and booleans
     * @return the text
     */
    public static String pretty(Map<String, ?> value) {
        return write(PRETTY, value) + "\n";
    }

    /**
     * Writes a value on one line, members in the order of the map.
     *
     * @param value maps, lists, strings, numbers and booleans
     * @return the text, without a line feed
     */
    public static String line(Map<String, ?> value) {
        return write(MAPPER.writer(), value);
    }

    /**
     * Tells whether a field is there and not null.
     *
     * @param field its name
     * @return false where it is absent
     */
    public boolean has(String field) {
        return node.hasNonNull(field);
    }

    /**
     * Checks the version of a format.
     *
     * @param known the newest version that the reader knows
     * @throws IllegalArgumentException when the field {@code format} says another
     */
    public void requireFormat(int known) {
        int format = integer("format");
        if (format < 1 || format > known) {
            throw new IllegalArgumentException(
                    "it has the format " + format + " and this version of the library reads" + " up to " + known);
        }
    }

    /**
     * Returns a text.
     *
     * @param field its name
     * @return the text
     */
    public String text(String field) {
        return asText(required(field), path + field);
    }

    /**
     * Returns a text that may be absent.
     *
     * @param field its name
     * @return the text, if it is there
     */
    public Optional<String> optionalText(String field) {
        return optional(field, this::text);
    }

    /**
     * Returns a field that may be absent.
     *
     * @param field its name
     * @param reader reads it when it is there
     * @param <T> its type
     * @return the value, if it is there
     */
    public <T> Optional<T> optional(String field, Function<String, T> reader) {
        return has(field) ? Optional.of(reader.apply(field)) : Optional.empty();
    }

    /**
     * Returns a whole number.
     *
     * @param field its name
     * @return the number
     */
    public int integer(String field) {
        JsonNode value = required(field);
        if (!value.isIntegralNumber() || !value.canConvertToInt()) {
            throw wrong(path + field, "a whole number");
        }
        return value.intValue();
    }

    /**
     * Returns a whole number of 64 bits.
     *
     * @param field its name
     * @return the number
     */
    public long longInteger(String field) {
        JsonNode value = required(field);
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw wrong(path + field, "a whole number");
        }
        return value.longValue();
    }

    /**
     * Returns a number.
     *
     * @param field its name
     * @return the number
     */
    public double number(String field) {
        JsonNode value = required(field);
        if (!value.isNumber()) {
            throw wrong(path + field, "a number");
        }
        return value.doubleValue();
    }

    /**
     * Returns a hash.
     *
     * @param field its name
     * @return the hash
     */
    public Hash hash(String field) {
        return new Hash(text(field));
    }

    /**
     * Returns a time.
     *
     * @param field its name
     * @return the time
     */
    public Instant instant(String field) {
        try {
            return Instant.parse(text(field));
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                    "the field '" + path + field + "' is not a time such as 2026-01-31T12:00:00Z", e);
        }
    }

    /**
     * Returns a duration.
     *
     * @param field its name
     * @return the duration
     */
    public Duration duration(String field) {
        try {
            return Duration.parse(text(field));
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("the field '" + path + field + "' is not a duration such as PT1.5S", e);
        }
    }

    /**
     * Returns a constant of an enum.
     *
     * @param field its name
     * @param type the enum
     * @param <E> the enum
     * @return the constant
     */
    public <E extends Enum<E>> E constant(String field, Class<E> type) {
        String name = text(field);
        for (E constant : type.getEnumConstants()) {
            if (constant.name().equals(name)) {
                return constant;
            }
        }
        throw wrong(path + field, "one of " + List.of(type.getEnumConstants()));
    }

    /**
     * Returns an object.
     *
     * @param field its name
     * @return the object
     */
    public JsonObject object(String field) {
        return asObject(required(field), path + field);
    }

    /**
     * Returns a list of objects.
     *
     * @param field its name
     * @return the objects, none where the field is absent
     */
    public List<JsonObject> objects(String field) {
        return list(field, JsonObject::asObject);
    }

    /**
     * Returns a list of texts.
     *
     * @param field its name
     * @return the texts, none where the field is absent
     */
    public List<String> texts(String field) {
        return list(field, JsonObject::asText);
    }

    /**
     * Returns the texts of an object by name.
     *
     * @param field its name
     * @return the texts, none where the field is absent
     */
    public Map<String, String> textsByName(String field) {
        return members(field, JsonObject::asText);
    }

    /**
     * Returns the objects of an object by name.
     *
     * @param field its name
     * @return the objects, none where the field is absent
     */
    public Map<String, JsonObject> objectsByName(String field) {
        return members(field, JsonObject::asObject);
    }

    /**
     * Returns the names of the members.
     *
     * @return in the order of the text
     */
    public List<String> names() {
        List<String> names = new ArrayList<>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }

    /**
     * Tells whether a field is a text.
     *
     * @param field its name
     * @return false where it is absent or something else
     */
    public boolean isText(String field) {
        return node.path(field).isTextual();
    }

    private <T> List<T> list(String field, Reader<T> reader) {
        if (!has(field)) {
            return List.of();
        }
        JsonNode array = required(field);
        if (!array.isArray()) {
            throw wrong(path + field, "a list");
        }
        List<T> items = new ArrayList<>();
        for (JsonNode item : array) {
            items.add(reader.read(item, path + field + "[" + items.size() + "]"));
        }
        return items;
    }

    private <T> Map<String, T> members(String field, Reader<T> reader) {
        Map<String, T> members = new LinkedHashMap<>();
        if (has(field)) {
            JsonNode object = asObject(required(field), path + field).node;
            object.properties()
                    .forEach(member -> members.put(
                            member.getKey(), reader.read(member.getValue(), path + field + "." + member.getKey())));
        }
        return members;
    }

    private JsonNode required(String field) {
        JsonNode value = node.get(field);
        if (value == null || value.isNull()) {
            throw new IllegalArgumentException("the field '" + path + field + "' is missing");
        }
        return value;
    }

    private static String asText(JsonNode value, String path) {
        if (!value.isTextual()) {
            throw wrong(path, "a text");
        }
        return value.textValue();
    }

    private static String placeOf(JsonProcessingException e) {
        JsonLocation location = e.getLocation();
        if (location == null) {
            return "";
        }
        String line = location.getLineNr() > 1 ? "line " + location.getLineNr() + ", " : "";
        return " at " + line + "column " + location.getColumnNr();
    }

    private static JsonObject asObject(JsonNode value, String path) {
        if (!value.isObject()) {
            throw wrong(path, "an object");
        }
        return new JsonObject(value, path + ".");
    }

    private static IllegalArgumentException wrong(String path, String expected) {
        return new IllegalArgumentException("the field '" + path + "' is not " + expected);
    }

    private static String write(ObjectWriter writer, Map<String, ?> value) {
        try {
            return writer.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "the value cannot be written as JSON; use maps, lists, strings," + " numbers and booleans", e);
        }
    }

    /** Reads one value, knowing its path. */
    @FunctionalInterface
    private interface Reader<T> {
        T read(JsonNode value, String path);
    }
}
