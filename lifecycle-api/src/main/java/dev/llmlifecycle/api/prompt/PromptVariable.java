package dev.llmlifecycle.api.prompt;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * A variable that a prompt template declares.
 *
 * <p>Immutable.
 *
 * <pre>{@code
 * PromptVariable.text("product").maxLength(80)
 * PromptVariable.number("stars").between(1, 5).withDefault("3")
 * PromptVariable.oneOf("tone", "formal", "friendly").withDefault("friendly")
 * PromptVariable.list("orders", PromptVariable.text("id"), PromptVariable.number("total")).maxItems(20)
 * }</pre>
 *
 * @param name letters, digits and underscores, starting with a letter
 * @param type what its values are
 * @param defaultValue what stands for it when it is not given; empty when it is required
 * @param properties what each value of an object, or each item of a list of objects, holds; empty for the other types
 *     and for a list of texts
 * @param limits what its values must keep to
 * @param handling how its texts are put into a message
 * @since 0.1
 */
public record PromptVariable(
        String name,
        Type type,
        Optional<String> defaultValue,
        List<PromptVariable> properties,
        ValueLimits limits,
        Handling handling) {

    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_]*");

    /** Checks that the parts fit each other. */
    public PromptVariable {
        if (!NAME.matcher(Objects.requireNonNull(name, "name")).matches()) {
            throw new IllegalArgumentException("the prompt variable name '" + name
                    + "' is not allowed; use letters, digits and underscores, starting with a letter");
        }
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(limits, "limits");
        Objects.requireNonNull(handling, "handling");
        properties = List.copyOf(properties);
        limits.requireFit(name, type);
        requireProperties(name, type, properties);
        if ((handling == Handling.DELIMITED || handling == Handling.DATAMARKED) && type != Type.TEXT) {
            throw new IllegalArgumentException("the prompt variable '" + name + "' is a " + type + " that is "
                    + handling + "; only a TEXT can be");
        }
        Objects.requireNonNull(defaultValue, "defaultValue");
        if (defaultValue.isPresent()) {
            requireDefault(name, type, limits, defaultValue.get());
        }
    }

    /**
     * Creates a variable without properties and limits whose values are foreign text.
     *
     * @param name letters, digits and underscores, starting with a letter
     * @param type what its values are
     * @param defaultValue what stands for it when it is not given; empty when it is required
     */
    public PromptVariable(String name, Type type, Optional<String> defaultValue) {
        this(name, type, defaultValue, List.of(), ValueLimits.NONE, Handling.DEFUSED);
    }

    /**
     * Creates a required text variable.
     *
     * @param name its name
     * @return the variable
     */
    public static PromptVariable text(String name) {
        return new PromptVariable(name, Type.TEXT, Optional.empty());
    }

    /**
     * Creates a required number variable.
     *
     * @param name its name
     * @return the variable
     */
    public static PromptVariable number(String name) {
        return new PromptVariable(name, Type.NUMBER, Optional.empty());
    }

    /**
     * Creates a required boolean variable.
     *
     * @param name its name
     * @return the variable
     */
    public static PromptVariable bool(String name) {
        return new PromptVariable(name, Type.BOOLEAN, Optional.empty());
    }

    /**
     * Creates a required variable with a closed choice of values.
     *
     * @param name its name
     * @param values the choice, at least one
     * @return the variable
     */
    public static PromptVariable oneOf(String name, String... values) {
        return new PromptVariable(
                name,
                Type.ENUM,
                Optional.empty(),
                List.of(),
                ValueLimits.NONE.withValues(List.of(values)),
                Handling.DEFUSED);
    }

    /**
     * Creates a required list: of texts, written {@code {{.}}} inside its section, or of objects.
     *
     * @param name its name
     * @param properties what each item holds; none for a list of texts
     * @return the variable
     */
    public static PromptVariable list(String name, PromptVariable... properties) {
        return new PromptVariable(
                name, Type.LIST, Optional.empty(), List.of(properties), ValueLimits.NONE, Handling.DEFUSED);
    }

    /**
     * Creates a required object variable.
     *
     * @param name its name
     * @param properties what it holds, at least one
     * @return the variable
     */
    public static PromptVariable object(String name, PromptVariable... properties) {
        return new PromptVariable(
                name, Type.OBJECT, Optional.empty(), List.of(properties), ValueLimits.NONE, Handling.DEFUSED);
    }

    /**
     * Returns this variable with a default, which makes it optional.
     *
     * @param value the default as text; for a list only the empty text, which is the empty list
     * @return the variable
     * @throws IllegalArgumentException when the default does not fit type and limits
     */
    public PromptVariable withDefault(String value) {
        return new PromptVariable(name, type, Optional.of(value), properties, limits, handling);
    }

    /**
     * Returns this variable with a greatest length of each text, in UTF-16 code units.
     *
     * @param length at least 1
     * @return the variable
     */
    public PromptVariable maxLength(int length) {
        return limited(old -> old.withMaxLength(length));
    }

    /**
     * Returns this variable with a regular expression that each whole text matches. No text can make it slow, so it has
     * neither look-around nor back references.
     *
     * @param regex in the <a href="https://github.com/google/re2/wiki/Syntax">syntax of RE2</a>
     * @return the variable
     */
    public PromptVariable matching(String regex) {
        return limited(old -> old.withPattern(regex));
    }

    /**
     * Returns this variable with a range of its numbers.
     *
     * @param minimum the smallest, inclusive
     * @param maximum the greatest, inclusive
     * @return the variable
     */
    public PromptVariable between(double minimum, double maximum) {
        return limited(old -> old.withRange(minimum, maximum));
    }

    /**
     * Returns this variable with a greatest number of items.
     *
     * @param items at least 1
     * @return the variable
     */
    public PromptVariable maxItems(int items) {
        return limited(old -> old.withMaxItems(items));
    }

    /**
     * Returns this variable with values that the application wrote itself, which are put in as they are.
     *
     * @return the variable
     */
    public PromptVariable trusted() {
        return handled(Handling.TRUSTED);
    }

    /**
     * Returns this text variable with values that stand between {@code <name>} and {@code </name>}, on lines of their
     * own, and cannot end early.
     *
     * @return the variable
     */
    public PromptVariable delimited() {
        return handled(Handling.DELIMITED);
    }

    /**
     * Returns this text variable with values whose white space is replaced by the mark U+E000, so that a model that was
     * told so can tell foreign text from instructions at every word.
     *
     * @return the variable
     */
    public PromptVariable datamarked() {
        return handled(Handling.DATAMARKED);
    }

    /**
     * Tells whether a value must be given.
     *
     * @return true when there is no default
     */
    public boolean required() {
        return defaultValue.isEmpty();
    }

    /**
     * Returns this variable as a canonical value. What is not set does not stand in it.
     *
     * @return a map for {@link dev.llmlifecycle.api.identity.CanonicalJson}
     */
    public Map<String, Object> toCanonical() {
        Map<String, Object> canonical = new HashMap<>(Map.of("name", name, "type", type.name()));
        defaultValue.ifPresent(value -> canonical.put("default", value));
        if (!properties.isEmpty()) {
            canonical.put(
                    "properties",
                    properties.stream().map(PromptVariable::toCanonical).toList());
        }
        canonical.putAll(limits.toCanonical());
        if (handling != Handling.DEFUSED) {
            canonical.put("handling", handling.name());
        }
        return canonical;
    }

    private PromptVariable handled(Handling how) {
        return new PromptVariable(name, type, defaultValue, properties, limits, how);
    }

    private PromptVariable limited(UnaryOperator<ValueLimits> change) {
        return new PromptVariable(name, type, defaultValue, properties, change.apply(limits), handling);
    }

    private static void requireProperties(String name, Type type, List<PromptVariable> properties) {
        if (type == Type.OBJECT && properties.isEmpty()) {
            throw new IllegalArgumentException(
                    "the prompt variable '" + name + "' is an OBJECT without properties; declare what it holds");
        }
        if (type != Type.OBJECT && type != Type.LIST && !properties.isEmpty()) {
            throw new IllegalArgumentException("the prompt variable '" + name + "' is a " + type
                    + " with properties; only an OBJECT or a LIST of objects has them");
        }
        Set<String> names = new HashSet<>();
        for (PromptVariable property : properties) {
            if (!names.add(property.name())) {
                throw new IllegalArgumentException("the prompt variable '" + name + "' declares the property '"
                        + property.name() + "' twice; remove one");
            }
        }
    }

    private static void requireDefault(String name, Type type, ValueLimits limits, String value) {
        if (!type.accepts(value)) {
            throw new IllegalArgumentException("the default of prompt variable '" + name + "' is no " + type
                    + " value; correct it or leave it out");
        }
        limits.violation(type, value).ifPresent(problem -> {
            throw new IllegalArgumentException(
                    "the default of prompt variable '" + name + "' " + problem + "; correct it or leave it out");
        });
    }

    /** How the texts of a variable are put into a message. */
    public enum Handling {
        /** As they are: the application wrote them itself. */
        TRUSTED,
        /**
         * Anybody's text: what a model could take for one of its control tokens or for the frame of a passage is
         * defused.
         */
        DEFUSED,
        /** Defused, between a start and an end tag with the name of the variable. */
        DELIMITED,
        /**
         * Defused, with a mark in place of white space. Source: Hines et al., Defending Against Indirect Prompt
         * Injection Attacks With Spotlighting, 2024.
         */
        DATAMARKED
    }

    /** What the values of a variable are. */
    public enum Type {
        /** Any text. */
        TEXT,
        /** A number. */
        NUMBER,
        /** {@code true} or {@code false}; usable in {@code {{#sections}}}. */
        BOOLEAN,
        /** One of the declared texts. */
        ENUM,
        /** Items in order, each a text or an object; usable in {@code {{#sections}}}, which repeat. */
        LIST,
        /** Named values, written {@code {{customer.name}}} or inside a section. */
        OBJECT;

        private static final Pattern NUMERAL = Pattern.compile("-?\\d+(?:\\.\\d+)?(?:[eE][+-]?\\d+)?");

        /**
         * Tells whether a text can stand for a value of this type.
         *
         * @param value the text
         * @return true for any text, a decimal number, {@code true} and {@code false}, or the empty text for the empty
         *     list; no text stands for an object
         */
        public boolean accepts(String value) {
            return switch (this) {
                case TEXT, ENUM -> true;
                case NUMBER -> NUMERAL.matcher(value).matches();
                case BOOLEAN -> value.equals("true") || value.equals("false");
                case LIST -> value.isEmpty();
                case OBJECT -> false;
            };
        }
    }
}
