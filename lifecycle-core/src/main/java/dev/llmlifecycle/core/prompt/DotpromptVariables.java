package dev.llmlifecycle.core.prompt;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import dev.llmlifecycle.api.prompt.ChatPromptTemplate;
import dev.llmlifecycle.api.prompt.PromptVariable;
import dev.llmlifecycle.api.prompt.ValueLimits;
import org.jspecify.annotations.Nullable;

/**
 * The variables of a Dotprompt file: those of its input schema, and those that its text uses without declaring them, of
 * which the use tells the type. Not thread-safe.
 */
final class DotpromptVariables {

    private final Map<String, PromptVariable> declared = new LinkedHashMap<>();
    private final Map<String, Use> used = new LinkedHashMap<>();
    /** Texts that may be given as a number, which is false when it is 0. */
    private final Set<PromptVariable> perhapsNumbers = Collections.newSetFromMap(new IdentityHashMap<>());

    /** What the use of a name tells of it. */
    private static final class Use {
        private boolean text;
        private boolean condition;
        private boolean lack;
        private boolean list;
        private boolean object;
        private final Map<String, Use> properties = new LinkedHashMap<>();
    }

    /** Where a name is looked up: among all variables, or the properties of one. */
    static final class Scope {
        private final @Nullable PromptVariable declared;
        private final @Nullable Use used;

        private Scope(@Nullable PromptVariable declared, @Nullable Use used) {
            this.declared = declared;
            this.used = used;
        }

        boolean knows(String name) {
            return declared != null
                    ? declared.properties().stream()
                            .anyMatch(property -> property.name().equals(name))
                    : used != null && used.properties.containsKey(name);
        }
    }

    /** Declares the properties of the input schema, of which those that are not required need no value. */
    void declare(Map<String, Object> schema, Map<?, ?> defaults) {
        properties(schema, defaults).forEach(variable -> declared.put(variable.name(), variable));
    }

    Scope root() {
        return new Scope(null, null);
    }

    /** Says that the text of a name is put in. */
    void text(Scope scope, String name) {
        type(scope, name)
                .ifPresentOrElse(
                        type -> require(
                                type != PromptVariable.Type.LIST && type != PromptVariable.Type.OBJECT,
                                name,
                                "is a " + type + " and has no text"),
                        () -> use(scope, name).text = true);
    }

    /**
     * Says that something is shown when a name has a value, or when it has none.
     *
     * <p>A list shows what depends on it once for each item, so only its lack can be asked for.
     */
    void condition(Scope scope, String name, boolean inverted) {
        variable(scope, name)
                .ifPresent(variable -> require(
                        !perhapsNumbers.contains(variable),
                        name,
                        "may be a number, which is false when it is 0, and so nothing can depend on it here"));
        type(scope, name)
                .ifPresentOrElse(
                        type -> require(
                                type == PromptVariable.Type.BOOLEAN
                                        || type == PromptVariable.Type.TEXT
                                        || type == PromptVariable.Type.ENUM
                                        || (type == PromptVariable.Type.LIST && inverted),
                                name,
                                "is a " + type + ", on which it cannot depend here"),
                        () -> {
                            Use use = use(scope, name);
                            use.condition |= !inverted;
                            use.lack |= inverted;
                        });
    }

    /** Says that a name is repeated, and returns where its items' properties are looked up. */
    Scope items(Scope scope, String name) {
        return inside(scope, name, PromptVariable.Type.LIST);
    }

    /** Says that a name is an object, and returns where its properties are looked up. */
    Scope members(Scope scope, String name) {
        return inside(scope, name, PromptVariable.Type.OBJECT);
    }

    private Scope inside(Scope scope, String name, PromptVariable.Type type) {
        Optional<PromptVariable> variable = variable(scope, name);
        if (variable.isPresent()) {
            require(
                    variable.get().type() == type,
                    name,
                    "is a " + variable.get().type() + " and not a " + type);
            return new Scope(variable.get(), null);
        }
        Use use = use(scope, name);
        use.list |= type == PromptVariable.Type.LIST;
        use.object |= type == PromptVariable.Type.OBJECT;
        return new Scope(null, use);
    }

    /** Returns the variables of the template, those of the schema first. */
    List<PromptVariable> all() {
        Map<String, PromptVariable> all = new LinkedHashMap<>(declared);
        used.forEach((name, use) -> all.put(name, variable(name, use)));
        // These exist in every template.
        all.remove(ChatPromptTemplate.QUESTION);
        all.remove(ChatPromptTemplate.PASSAGES);
        return List.copyOf(all.values());
    }

    private Optional<PromptVariable.Type> type(Scope scope, String name) {
        return variable(scope, name).map(PromptVariable::type);
    }

    private Optional<PromptVariable> variable(Scope scope, String name) {
        if (scope.used != null) {
            return Optional.empty();
        }
        if (scope.declared == null) {
            return Optional.ofNullable(declared.get(name));
        }
        Optional<PromptVariable> property = scope.declared.properties().stream()
                .filter(candidate -> candidate.name().equals(name))
                .findFirst();
        require(property.isPresent(), name, "is no property of '" + scope.declared.name() + "'");
        return property;
    }

    private Use use(Scope scope, String name) {
        return (scope.used == null ? used : scope.used.properties).computeIfAbsent(name, key -> new Use());
    }

    private static void require(boolean holds, String name, String problem) {
        if (!holds) {
            throw new IllegalArgumentException("'" + name + "' " + problem + "; change the schema or the text");
        }
    }

    private static PromptVariable variable(String name, Use use) {
        require(!(use.list && (use.text || use.condition || use.object)), name, "is repeated and used otherwise too");
        require(!(use.object && (use.text || use.condition)), name, "has properties and is used as a text too");
        PromptVariable[] properties = use.properties.entrySet().stream()
                .map(property -> variable(property.getKey(), property.getValue()))
                .toArray(PromptVariable[]::new);
        if (use.list) {
            return PromptVariable.list(name, properties);
        }
        if (use.object) {
            return PromptVariable.object(name, properties);
        }
        return use.text
                ? optional(PromptVariable.text(name), use.condition || use.lack)
                : optional(PromptVariable.bool(name), true);
    }

    private static PromptVariable optional(PromptVariable variable, boolean optional) {
        if (!optional) {
            return variable;
        }
        return switch (variable.type()) {
            case BOOLEAN -> variable.withDefault("false");
            case LIST, TEXT -> variable.withDefault("");
            default ->
                throw new IllegalArgumentException("'" + variable.name() + "' is a " + variable.type()
                        + " that may be missing; give it a default or make it required");
        };
    }

    private List<PromptVariable> properties(Map<String, Object> schema, Map<?, ?> defaults) {
        if (!(schema.get("properties") instanceof Map<?, ?> properties)) {
            throw new IllegalArgumentException("the input schema is no object; name the variables in it");
        }
        List<?> required = schema.get("required") instanceof List<?> names ? names : List.of();
        List<PromptVariable> variables = new ArrayList<>();
        properties.forEach((key, value) -> {
            String name = String.valueOf(key);
            PromptVariable variable = variable(name, value);
            Object byDefault = defaults.get(name);
            if (byDefault instanceof String || byDefault instanceof Number || byDefault instanceof Boolean) {
                variables.add(variable.withDefault(String.valueOf(byDefault)));
            } else if (byDefault != null) {
                throw new IllegalArgumentException(
                        "the default of '" + name + "' is no text, number or boolean; leave it out");
            } else if (variable.type() == PromptVariable.Type.NUMBER && !required.contains(name)) {
                // A number may be text here, and nothing is a text.
                variables.add(perhapsNumber(PromptVariable.text(name).withDefault("")));
            } else {
                PromptVariable added = optional(variable, !required.contains(name));
                boolean any = value instanceof Map<?, ?> schemaOfOne
                        && !schemaOfOne.containsKey("type")
                        && !schemaOfOne.containsKey("enum");
                variables.add(any ? perhapsNumber(added) : added);
            }
        });
        for (Object name : defaults.keySet()) {
            require(properties.containsKey(name), String.valueOf(name), "has a default and is not in the schema");
        }
        return variables;
    }

    private PromptVariable perhapsNumber(PromptVariable variable) {
        perhapsNumbers.add(variable);
        return variable;
    }

    private PromptVariable variable(String name, @Nullable Object value) {
        if (!(value instanceof Map<?, ?> schema)) {
            throw new IllegalArgumentException("the schema of '" + name + "' is no object; correct it");
        }
        if (schema.get("enum") instanceof List<?> values) {
            return new PromptVariable(
                    name,
                    PromptVariable.Type.ENUM,
                    Optional.empty(),
                    List.of(),
                    new ValueLimits(
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            values.stream()
                                    .filter(each -> each != null)
                                    .map(String::valueOf)
                                    .toList()),
                    PromptVariable.Handling.DEFUSED);
        }
        Object type =
                schema.get("type") instanceof List<?> types && !types.isEmpty() ? types.get(0) : schema.get("type");
        return switch (type == null ? "any" : String.valueOf(type)) {
            case "string", "any" -> PromptVariable.text(name);
            case "number", "integer" -> PromptVariable.number(name);
            case "boolean" -> PromptVariable.bool(name);
            case "array" -> list(name, schema.get("items"));
            case "object" -> PromptVariable.object(name, members(schema));
            default ->
                throw new IllegalArgumentException(
                        "'" + name + "' has the type '" + type + "', which a prompt variable has not; change it");
        };
    }

    private PromptVariable list(String name, @Nullable Object items) {
        if (items instanceof Map<?, ?> schema && schema.containsKey("properties")) {
            return PromptVariable.list(name, members(schema));
        }
        PromptVariable item = variable(name, items == null ? Map.of() : items);
        require(
                item.type() != PromptVariable.Type.LIST && item.type() != PromptVariable.Type.OBJECT,
                name,
                "is a list of lists, which a prompt variable cannot be");
        return PromptVariable.list(name);
    }

    private PromptVariable[] members(Map<?, ?> schema) {
        Map<String, Object> copy = new LinkedHashMap<>();
        schema.forEach((key, value) -> copy.put(String.valueOf(key), value));
        return properties(copy, Map.of()).toArray(PromptVariable[]::new);
    }
}
