package dev.llmlifecycle.api.prompt;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A variable that a prompt template declares.
 *
 * <p>Immutable.
 *
 * @param name letters, digits and underscores, starting with a letter
 * @param type what its values are
 * @param defaultValue what stands for it when it is not given; empty when it is required
 * @since 0.1
 */
public record PromptVariable(String name, Type type, Optional<String> defaultValue) {

    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_]*");

    /** Checks name and default. */
    public PromptVariable {
        if (!NAME.matcher(Objects.requireNonNull(name, "name")).matches()) {
            throw new IllegalArgumentException("the prompt variable name '" + name
                    + "' is not allowed; use letters, digits and underscores, starting with a letter");
        }
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(defaultValue, "defaultValue");
        if (defaultValue.isPresent() && !type.accepts(defaultValue.get())) {
            throw new IllegalArgumentException("the default of prompt variable '" + name + "' is no " + type
                    + " value; correct it or leave it out");
        }
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
     * Tells whether a value must be given.
     *
     * @return true when there is no default
     */
    public boolean required() {
        return defaultValue.isEmpty();
    }

    Map<String, Object> toCanonical() {
        Map<String, Object> canonical = new HashMap<>(Map.of("name", name, "type", type.name()));
        defaultValue.ifPresent(value -> canonical.put("default", value));
        return canonical;
    }

    /** What the values of a variable are. */
    public enum Type {
        /** Any text. */
        TEXT,
        /** A number. */
        NUMBER,
        /** {@code true} or {@code false}; usable in {@code {{#sections}}}. */
        BOOLEAN;

        private static final Pattern NUMERAL = Pattern.compile("-?\\d+(?:\\.\\d+)?(?:[eE][+-]?\\d+)?");

        /**
         * Tells whether a text can stand for a value of this type.
         *
         * @param value the text
         * @return true for any text, a decimal number, or {@code true} and {@code false}
         */
        public boolean accepts(String value) {
            return switch (this) {
                case TEXT -> true;
                case NUMBER -> NUMERAL.matcher(value).matches();
                case BOOLEAN -> value.equals("true") || value.equals("false");
            };
        }
    }
}
