package dev.llmlifecycle.core.prompt;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.time.temporal.TemporalAccessor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import dev.llmlifecycle.api.prompt.PromptVariable;
import org.jspecify.annotations.Nullable;

/**
 * Checks the values of a prompt against its variables and makes of them the plain maps, lists and texts that are
 * rendered.
 */
final class PromptValues {

    private final CompiledPrompt prompt;
    /** The declared variable whose value is looked at, which tells where a mistake is. */
    private final PromptVariable root;

    private PromptValues(CompiledPrompt prompt, PromptVariable root) {
        this.prompt = prompt;
        this.root = root;
    }

    static Map<String, Object> complete(CompiledPrompt prompt, Map<String, ?> values) {
        Map<String, Object> complete = new HashMap<>();
        for (PromptVariable variable : prompt.variables().values()) {
            Object value = values.get(variable.name());
            if (value != null || variable.defaultValue().isPresent()) {
                complete.put(
                        variable.name(),
                        new PromptValues(prompt, variable)
                                .value(variable, new Place(null, variable.name(), -1), value));
            } else if (!CompiledPrompt.isFilledIn(variable.name()) || prompt.uses(variable.name())) {
                throw new IllegalArgumentException(prompt.placeOf(variable.name()) + ": the variable '"
                        + variable.name() + "' has no value"
                        + near(
                                variable.name(),
                                values.keySet(),
                                prompt.variables().keySet())
                        + "; give it a value or declare a default");
            }
        }
        for (String name : values.keySet()) {
            if (!prompt.variables().containsKey(name)) {
                throw new IllegalArgumentException(
                        "prompt '" + prompt.template().name() + "': the value '" + name
                                + "' belongs to no variable" + prompt.suggestion(name)
                                + "; leave it out or declare it with variable(...)");
            }
        }
        return complete;
    }

    private Object value(PromptVariable variable, Place place, @Nullable Object value) {
        if (value == null) {
            String byDefault = variable.defaultValue()
                    .orElseThrow(() -> wrong(place, "has no value", "give it a value or declare a default"));
            return switch (variable.type()) {
                case BOOLEAN -> Boolean.valueOf(byDefault);
                case LIST -> List.of();
                case TEXT -> handled(variable, byDefault);
                default -> byDefault;
            };
        }
        Optional<Object> converted = switch (variable.type()) {
            case TEXT -> asText(value).map(text -> handled(variable, limited(variable, place, text)));
            case ENUM -> asText(value).map(text -> limited(variable, place, text));
            case NUMBER ->
                value instanceof Number number ? Optional.of(number(variable, place, number)) : Optional.empty();
            case BOOLEAN -> value instanceof Boolean ? Optional.of(value) : Optional.empty();
            case LIST ->
                value instanceof Collection<?> items ? Optional.of(list(variable, place, items)) : Optional.empty();
            case OBJECT -> asObject(place, value).map(members -> object(variable, place, members));
        };
        return converted.orElseThrow(() -> wrongType(place, variable.type().name(), value));
    }

    private List<Object> list(PromptVariable variable, Place place, Collection<?> items) {
        variable.limits().maxItems().filter(most -> items.size() > most).ifPresent(most -> {
            throw wrong(place, "has " + items.size() + " items, more than " + most, "shorten the list");
        });
        List<Object> list = new ArrayList<>(items.size());
        for (Object item : items) {
            Place itemPlace = new Place(place, "", list.size());
            if (item == null) {
                throw wrong(itemPlace, "has no value", "leave the item out of the list");
            }
            list.add(
                    variable.properties().isEmpty()
                            ? asText(item)
                                    .map(text -> handled(variable, limited(variable, itemPlace, text)))
                                    .orElseThrow(() -> wrongType(itemPlace, "a text of a LIST", item))
                            : asObject(itemPlace, item)
                                    .map(members -> object(variable, itemPlace, members))
                                    .orElseThrow(() -> wrongType(itemPlace, "an object of a LIST", item)));
        }
        return list;
    }

    private Map<String, Object> object(PromptVariable variable, Place place, Map<?, ?> members) {
        Map<String, Object> object = new HashMap<>();
        int known = 0;
        for (PromptVariable property : variable.properties()) {
            Object value = members.get(property.name());
            known += value != null || members.containsKey(property.name()) ? 1 : 0;
            object.put(property.name(), value(property, new Place(place, property.name(), -1), value));
        }
        if (known < members.size()) {
            String stranger = members.keySet().stream()
                    .map(String::valueOf)
                    .filter(name -> !object.containsKey(name))
                    .sorted()
                    .findFirst()
                    .orElse("");
            throw wrong(
                    new Place(place, stranger, -1),
                    "is not declared",
                    "leave it out or declare it as a property of '" + variable.name() + "'");
        }
        return object;
    }

    private Object number(PromptVariable variable, Place place, Number number) {
        if (!Double.isFinite(number.doubleValue())) {
            throw wrong(place, "is no finite number", "give it one");
        }
        return limited(variable, place, number.toString());
    }

    private String limited(PromptVariable variable, Place place, String value) {
        variable.limits().violation(variable.type(), value).ifPresent(problem -> {
            throw wrong(place, problem, "correct the value or the limit");
        });
        return value;
    }

    private static Object handled(PromptVariable variable, String text) {
        if (text.isEmpty()) {
            return text;
        }
        return switch (variable.handling()) {
            case TRUSTED -> text;
            case DEFUSED -> ForeignText.defuse(text);
            case DELIMITED -> ForeignText.delimit(variable.name(), text);
            case DATAMARKED -> ForeignText.mark(text);
        };
    }

    private static Optional<String> asText(Object value) {
        boolean text = value instanceof CharSequence
                || value instanceof Number
                || value instanceof Boolean
                || value instanceof Character
                || value instanceof Enum<?>
                || value instanceof TemporalAccessor;
        return text ? Optional.of(value.toString()) : Optional.empty();
    }

    /** The members of a map or of a record. */
    private Optional<Map<?, ?>> asObject(Place place, Object value) {
        if (value instanceof Map<?, ?> map) {
            return Optional.of(map);
        }
        if (!value.getClass().isRecord()) {
            return Optional.empty();
        }
        Map<String, Object> members = new LinkedHashMap<>();
        try {
            for (RecordComponent component : value.getClass().getRecordComponents()) {
                component.getAccessor().setAccessible(true);
                members.put(component.getName(), component.getAccessor().invoke(value));
            }
        } catch (IllegalAccessException | InvocationTargetException | RuntimeException e) {
            throw new IllegalArgumentException(
                    prompt.placeOf(root.name()) + ": reading the record "
                            + value.getClass().getName() + " of '" + place + "' failed; open its package or give a map",
                    e);
        }
        return Optional.of(members);
    }

    private IllegalArgumentException wrongType(Place place, String type, Object value) {
        return wrong(
                place,
                "is declared as " + type + " but was given a "
                        + value.getClass().getName(),
                "convert the value or declare another type");
    }

    private IllegalArgumentException wrong(Place place, String found, String remedy) {
        return new IllegalArgumentException(
                prompt.placeOf(root.name()) + ": the variable '" + place + "' " + found + "; " + remedy);
    }

    private static String near(String missing, Set<String> given, Set<String> declared) {
        List<String> strangers =
                given.stream().filter(name -> !declared.contains(name)).toList();
        return NearestName.of(missing, strangers)
                .map(name -> " while '" + name + "' has one")
                .orElse("");
    }

    /** Where a value stands, such as {@code orders[1].total}; written only where something is wrong with it. */
    private record Place(@Nullable Place parent, String name, int index) {

        @Override
        public String toString() {
            if (parent == null) {
                return name;
            }
            return index < 0 ? parent + "." + name : parent + "[" + index + "]";
        }
    }
}
