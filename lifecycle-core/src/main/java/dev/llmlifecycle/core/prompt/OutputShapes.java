package dev.llmlifecycle.core.prompt;

import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.langchain4j.model.output.structured.Description;
import org.jspecify.annotations.Nullable;

/** Finds the shapes of a record and of all that it holds. */
final class OutputShapes {

    /** Beyond this many digits before or after the point no number is meant, and exact arithmetic becomes a burden. */
    private static final int MOST_DIGITS = 1_000;

    private static final Map<Class<?>, OutputShape> PLAIN = plain();

    private final Class<?> root;
    private final Map<Class<?>, OutputShape.Properties> records = new HashMap<>();
    private final Set<Class<?>> open = new LinkedHashSet<>();

    private OutputShapes(Class<?> root) {
        this.root = root;
    }

    static OutputShape.Properties of(Class<? extends Record> root) {
        return new OutputShapes(root).properties(root, "");
    }

    private OutputShape.Properties properties(Class<?> type, String path) {
        OutputShape.Properties known = records.get(type);
        if (known != null) {
            if (open.contains(type)) {
                known.holdsItself();
            }
            return known;
        }
        if (type.getTypeParameters().length > 0) {
            throw refused(path, "is the generic record " + type.getName(), "write a record without type parameters");
        }
        OutputShape.Properties shape = new OutputShape.Properties(constructor(type), description(type));
        records.put(type, shape);
        open.add(type);
        for (RecordComponent component : type.getRecordComponents()) {
            shape.add(property(component, path.isEmpty() ? component.getName() : path + "." + component.getName()));
        }
        open.remove(type);
        return shape;
    }

    private OutputShape.Property property(RecordComponent component, String path) {
        Type type = component.getGenericType();
        OutputShape.Presence presence = component.getAnnotatedType().isAnnotationPresent(Nullable.class)
                ? OutputShape.Presence.NULLABLE
                : OutputShape.Presence.REQUIRED;
        if (type instanceof ParameterizedType optional && optional.getRawType() == Optional.class) {
            type = optional.getActualTypeArguments()[0];
            presence = OutputShape.Presence.OPTIONAL;
        }
        return new OutputShape.Property(component.getName(), shape(type, path), presence, description(component));
    }

    private OutputShape shape(Type type, String path) {
        if (type instanceof Class<?> plain) {
            return shapeOfClass(plain, path);
        }
        if (type instanceof ParameterizedType generic && generic.getRawType() instanceof Class<?> raw) {
            Type[] arguments = generic.getActualTypeArguments();
            if (raw == List.class || raw == Collection.class) {
                return new OutputShape.Items(shape(arguments[0], path + "[]"), List::copyOf);
            }
            if (raw == Set.class) {
                return new OutputShape.Items(
                        shape(arguments[0], path + "[]"),
                        items -> Collections.unmodifiableSet(new LinkedHashSet<>(items)));
            }
            if (raw == Map.class && arguments[0] == String.class) {
                return new OutputShape.Entries(shape(arguments[1], path + ".*"));
            }
        }
        throw unknown(type, path);
    }

    private OutputShape shapeOfClass(Class<?> type, String path) {
        OutputShape plain = PLAIN.get(type);
        if (plain != null) {
            return plain;
        }
        if (type.isEnum()) {
            return choice(type);
        }
        if (type.isRecord()) {
            return properties(type, path);
        }
        if (type.isArray()) {
            Class<?> item = type.getComponentType();
            return new OutputShape.Items(shape(item, path + "[]"), items -> array(item, items));
        }
        throw unknown(type, path);
    }

    private IllegalArgumentException unknown(Type type, String path) {
        return refused(
                path,
                "is of type " + type.getTypeName() + ", which has no form in JSON here",
                "use texts, numbers, booleans, enums, times, records, and lists, sets, arrays and maps with text keys of"
                        + " them; Optional is for components alone");
    }

    private IllegalArgumentException refused(String path, String found, String remedy) {
        String place = path.isEmpty() ? "it" : "its component '" + path + "'";
        return new IllegalArgumentException(
                "making an output schema of " + root.getName() + " failed: " + place + " " + found + "; " + remedy);
    }

    private Constructor<?> constructor(Class<?> type) {
        Class<?>[] components = Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getType)
                .toArray(Class<?>[]::new);
        try {
            Constructor<?> constructor = type.getDeclaredConstructor(components);
            constructor.setAccessible(true);
            return constructor;
        } catch (NoSuchMethodException | RuntimeException e) {
            throw new IllegalArgumentException(
                    "making an output schema of " + root.getName() + " failed: the constructor of " + type.getName()
                            + " cannot be reached; open its package",
                    e);
        }
    }

    private static Object array(Class<?> item, List<Object> items) {
        Object array = Array.newInstance(item, items.size());
        for (int i = 0; i < items.size(); i++) {
            Array.set(array, i, items.get(i));
        }
        return array;
    }

    private static OutputShape choice(Class<?> type) {
        Map<String, Object> constants = Arrays.stream(type.getEnumConstants())
                .collect(Collectors.toMap(constant -> ((Enum<?>) constant).name(), Function.identity()));
        ObjectNode form = form("string");
        ArrayNode names = form.putArray("enum");
        for (Object constant : type.getEnumConstants()) {
            names.add(((Enum<?>) constant).name());
        }
        return new OutputShape.Plain(
                "a value of " + type.getSimpleName(),
                form,
                json -> json.isTextual() ? Optional.ofNullable(constants.get(json.textValue())) : Optional.empty());
    }

    private static Optional<String> description(Class<?> type) {
        return Optional.ofNullable(type.getAnnotation(Description.class)).map(OutputShapes::text);
    }

    /** LangChain4j's annotation goes to the field behind a component. */
    private static Optional<String> description(RecordComponent component) {
        return Arrays.stream(component.getDeclaringRecord().getDeclaredFields())
                .filter(field -> field.getName().equals(component.getName()))
                .findFirst()
                .map(field -> field.getAnnotation(Description.class))
                .map(OutputShapes::text);
    }

    private static String text(Description description) {
        return String.join(" ", description.value());
    }

    private static ObjectNode form(String type) {
        return JsonNodeFactory.instance.objectNode().put("type", type);
    }

    private static Map<Class<?>, OutputShape> plain() {
        Map<Class<?>, OutputShape> plain = new HashMap<>();
        plain.put(String.class, text("a text", form("string"), Function.identity()));
        OutputShape bool = new OutputShape.Plain(
                "true or false",
                form("boolean"),
                json -> json.isBoolean() ? Optional.of(json.booleanValue()) : Optional.empty());
        plain.put(boolean.class, bool);
        plain.put(Boolean.class, bool);
        whole(plain, byte.class, Byte.class, BigDecimal::byteValueExact);
        whole(plain, short.class, Short.class, BigDecimal::shortValueExact);
        whole(plain, int.class, Integer.class, BigDecimal::intValueExact);
        whole(plain, long.class, Long.class, BigDecimal::longValueExact);
        plain.put(BigInteger.class, number("a whole number", "integer", BigDecimal::toBigIntegerExact));
        plain.put(BigDecimal.class, number("a number", "number", Function.identity()));
        OutputShape real = number("a finite number", "number", value -> finite(value.doubleValue()));
        plain.put(double.class, real);
        plain.put(Double.class, real);
        OutputShape small = number("a finite number", "number", value -> (float) finite(value.floatValue()));
        plain.put(float.class, small);
        plain.put(Float.class, small);
        String dateTime = "a date and time with offset, such as 2026-11-25T10:00:00Z";
        plain.put(
                Instant.class,
                formatted(
                        dateTime,
                        "date-time",
                        text -> OffsetDateTime.parse(text).toInstant()));
        plain.put(OffsetDateTime.class, formatted(dateTime, "date-time", OffsetDateTime::parse));
        plain.put(ZonedDateTime.class, formatted(dateTime, "date-time", ZonedDateTime::parse));
        plain.put(LocalDate.class, formatted("a date, such as 2026-11-25", "date", LocalDate::parse));
        plain.put(OffsetTime.class, formatted("a time with offset, such as 10:00:00Z", "time", OffsetTime::parse));
        plain.put(Duration.class, formatted("a duration, such as PT15M", "duration", Duration::parse));
        plain.put(UUID.class, formatted("a UUID", "uuid", UUID::fromString));
        plain.put(URI.class, formatted("a URI", "uri", URI::create));
        // JSON Schema's formats of times have an offset.
        plain.put(
                LocalDateTime.class,
                text(
                        "a date and time, such as 2026-11-25T10:00:00",
                        form("string").put("pattern", "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}(:\\d{2})?$"),
                        LocalDateTime::parse));
        plain.put(
                LocalTime.class,
                text(
                        "a time, such as 10:00:00",
                        form("string").put("pattern", "^\\d{2}:\\d{2}(:\\d{2})?$"),
                        LocalTime::parse));
        return Map.copyOf(plain);
    }

    private static void whole(
            Map<Class<?>, OutputShape> plain, Class<?> primitive, Class<?> boxed, Function<BigDecimal, ?> exact) {
        OutputShape shape = number("a whole number that " + primitive + " holds", "integer", exact);
        plain.put(primitive, shape);
        plain.put(boxed, shape);
    }

    private static OutputShape number(String name, String type, Function<BigDecimal, ?> exact) {
        return new OutputShape.Plain(name, form(type), json -> {
            if (!json.isNumber()) {
                return Optional.empty();
            }
            BigDecimal value = json.decimalValue();
            if (Math.abs((long) value.precision() - value.scale()) > MOST_DIGITS || value.scale() > MOST_DIGITS) {
                return Optional.empty();
            }
            try {
                return Optional.of(exact.apply(value));
            } catch (ArithmeticException e) {
                return Optional.empty();
            }
        });
    }

    private static double finite(double value) {
        if (Double.isFinite(value)) {
            return value;
        }
        throw new ArithmeticException("not finite");
    }

    private static OutputShape formatted(String name, String format, Function<String, ?> parser) {
        return text(name, form("string").put("format", format), parser);
    }

    private static OutputShape text(String name, ObjectNode form, Function<String, ?> parser) {
        return new OutputShape.Plain(name, form, json -> {
            if (!json.isTextual()) {
                return Optional.empty();
            }
            try {
                return Optional.of(parser.apply(json.textValue()));
            } catch (DateTimeException | IllegalArgumentException e) {
                return Optional.empty();
            }
        });
    }
}
