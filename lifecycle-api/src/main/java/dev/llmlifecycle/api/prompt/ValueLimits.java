package dev.llmlifecycle.api.prompt;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * What the values of a prompt variable must keep to.
 *
 * <p>Immutable.
 *
 * @param pattern a regular expression that each whole text matches
 * @param maxLength the greatest length of each text in UTF-16 code units, at least 1
 * @param minimum the smallest number, inclusive
 * @param maximum the greatest number, inclusive
 * @param maxItems the greatest number of items of a list, at least 1
 * @param values the closed choice of texts of an enum, in order
 * @since 0.1
 */
public record ValueLimits(
        Optional<String> pattern,
        Optional<Integer> maxLength,
        Optional<Double> minimum,
        Optional<Double> maximum,
        Optional<Integer> maxItems,
        List<String> values) {

    /** No limit. */
    public static final ValueLimits NONE = new ValueLimits(
            Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), List.of());

    /** Checks each limit. */
    public ValueLimits {
        pattern.ifPresent(ValueLimits::requireRegex);
        maxLength.ifPresent(length -> requirePositive("length of a text", length));
        maxItems.ifPresent(items -> requirePositive("number of items", items));
        if (minimum.isPresent() != maximum.isPresent()
                || !(minimum.orElse(0.0) <= maximum.orElse(0.0))
                || minimum.orElse(0.0).isInfinite()
                || maximum.orElse(0.0).isInfinite()) {
            throw new IllegalArgumentException("the range of a prompt variable goes from "
                    + minimum.map(Object::toString).orElse("nothing") + " to "
                    + maximum.map(Object::toString).orElse("nothing") + "; give two finite numbers in order");
        }
        minimum = minimum.map(value -> value + 0.0);
        maximum = maximum.map(value -> value + 0.0);
        values = List.copyOf(values);
        if (new HashSet<>(values).size() != values.size()) {
            throw new IllegalArgumentException("the choice of a prompt variable names a value twice; remove one");
        }
    }

    ValueLimits withPattern(String regex) {
        return new ValueLimits(Optional.of(regex), maxLength, minimum, maximum, maxItems, values);
    }

    ValueLimits withMaxLength(int length) {
        return new ValueLimits(pattern, Optional.of(length), minimum, maximum, maxItems, values);
    }

    ValueLimits withRange(double from, double to) {
        return new ValueLimits(pattern, maxLength, Optional.of(from), Optional.of(to), maxItems, values);
    }

    ValueLimits withMaxItems(int items) {
        return new ValueLimits(pattern, maxLength, minimum, maximum, Optional.of(items), values);
    }

    ValueLimits withValues(List<String> choice) {
        return new ValueLimits(pattern, maxLength, minimum, maximum, maxItems, choice);
    }

    /**
     * Finds what is wrong with a value of a type, or with one text of a list.
     *
     * @param type the type of the variable
     * @param value the value as text
     * @return what is wrong, without the value itself, such as {@code is longer than 80 characters}
     */
    public Optional<String> violation(PromptVariable.Type type, String value) {
        if (maxLength.isPresent() && value.length() > maxLength.get()) {
            return Optional.of("is longer than " + maxLength.get() + " characters");
        }
        if (pattern.isPresent()
                && !Pattern.compile(pattern.get()).matcher(value).matches()) {
            return Optional.of("does not match the pattern " + pattern.get());
        }
        if (type == PromptVariable.Type.ENUM && !values.contains(value)) {
            return Optional.of("is none of " + String.join(", ", values));
        }
        if (minimum.isPresent() && maximum.isPresent()) {
            double number = Double.parseDouble(value);
            if (!(number >= minimum.get() && number <= maximum.get())) {
                return Optional.of("is not in [" + minimum.get() + ", " + maximum.get() + "]");
            }
        }
        return Optional.empty();
    }

    void requireFit(String name, PromptVariable.Type type) {
        boolean texts = type == PromptVariable.Type.TEXT || type == PromptVariable.Type.LIST;
        require(texts || pattern.isEmpty(), name, type, "pattern");
        require(texts || maxLength.isEmpty(), name, type, "greatest length");
        require(type == PromptVariable.Type.NUMBER || minimum.isEmpty(), name, type, "range");
        require(type == PromptVariable.Type.LIST || maxItems.isEmpty(), name, type, "greatest number of items");
        require(type == PromptVariable.Type.ENUM || values.isEmpty(), name, type, "choice of values");
        if (type == PromptVariable.Type.ENUM && values.isEmpty()) {
            throw new IllegalArgumentException(
                    "the prompt variable '" + name + "' is an ENUM without values; name its choice");
        }
    }

    Map<String, Object> toCanonical() {
        Map<String, Object> canonical = new HashMap<>();
        pattern.ifPresent(value -> canonical.put("pattern", value));
        maxLength.ifPresent(value -> canonical.put("maxLength", value));
        minimum.ifPresent(value -> canonical.put("minimum", value));
        maximum.ifPresent(value -> canonical.put("maximum", value));
        maxItems.ifPresent(value -> canonical.put("maxItems", value));
        if (!values.isEmpty()) {
            canonical.put("values", values);
        }
        return canonical;
    }

    private static void require(boolean fits, String name, PromptVariable.Type type, String limit) {
        if (!fits) {
            throw new IllegalArgumentException("the prompt variable '" + name + "' is a " + type + " with a " + limit
                    + ", which says nothing of it; leave it out or declare another type");
        }
    }

    private static void requirePositive(String what, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(
                    "the greatest " + what + " of a prompt variable must be at least 1 but was " + value);
        }
    }

    private static void requireRegex(String regex) {
        try {
            Pattern.compile(Objects.requireNonNull(regex, "regex"));
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    "the pattern of a prompt variable is no regular expression (" + e.getDescription() + " at "
                            + e.getIndex() + "); correct it",
                    e);
        }
    }
}
