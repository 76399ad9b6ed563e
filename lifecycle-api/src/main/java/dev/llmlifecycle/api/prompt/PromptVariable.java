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

    /** Checks the name. */
    public PromptVariable {
        if (!NAME.matcher(Objects.requireNonNull(name, "name")).matches()) {
            throw new IllegalArgumentException("the prompt variable name '" + name
                    + "' is not allowed; use letters, digits and underscores, starting with a letter");
        }
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(defaultValue, "defaultValue");
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
        /** True or false; usable in {@code {{#sections}}}. */
        BOOLEAN
    }
}
