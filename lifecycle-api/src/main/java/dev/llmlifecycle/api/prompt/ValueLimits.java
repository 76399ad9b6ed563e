package dev.llmlifecycle.api.prompt;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * What the values of a prompt variable must keep to.
 *
 * <p>Immutable. A pattern is compiled once, by RE2 and not by {@link java.util.regex}: values are foreign text, and RE2
 * takes time in proportion to their length, whatever the pattern.
 *
 * @since 0.1
 */
public final class ValueLimits {

    /** No limit. */
    public static final ValueLimits NONE = new ValueLimits(
            Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), List.of());

    private final Optional<Pattern> pattern;
    private final Optional<Integer> maxLength;
    private final Optional<Double> minimum;
    private final Optional<Double> maximum;
    private final Optional<Integer> maxItems;
    private final List<String> values;

    /**
     * Creates limits, of which each may be absent.
     *
     * @param pattern a regular expression that each whole text matches, in the <a
     *     href="https://github.com/google/re2/wiki/Syntax">syntax of RE2</a>, which has neither look-around nor back
     *     references
     * @param maxLength the greatest length of each text in UTF-16 code units, at least 1
     * @param minimum the smallest number, inclusive; given together with the greatest
     * @param maximum the greatest number, inclusive
     * @param maxItems the greatest number of items of a list, at least 1
     * @param values the closed choice of texts of an enum, in order
     */
    public ValueLimits(
            Optional<String> pattern,
            Optional<Integer> maxLength,
            Optional<Double> minimum,
            Optional<Double> maximum,
            Optional<Integer> maxItems,
            List<String> values) {
        this.pattern = pattern.map(ValueLimits::compiled);
        maxLength.ifPresent(length -> requirePositive("length of a text", length));
        this.maxLength = maxLength;
        maxItems.ifPresent(items -> requirePositive("number of items", items));
        this.maxItems = maxItems;
        if (minimum.isPresent() != maximum.isPresent()
                || !(minimum.orElse(0.0) <= maximum.orElse(0.0))
                || minimum.orElse(0.0).isInfinite()
                || maximum.orElse(0.0).isInfinite()) {
            throw new IllegalArgumentException("the range of a prompt variable goes from "
                    + minimum.map(Object::toString).orElse("nothing") + " to "
                    + maximum.map(Object::toString).orElse("nothing") + "; give two finite numbers in order");
        }
        this.minimum = minimum.map(value -> value + 0.0);
        this.maximum = maximum.map(value -> value + 0.0);
        this.values = List.copyOf(values);
        if (new HashSet<>(values).size() != values.size()) {
            throw new IllegalArgumentException("the choice of a prompt variable names a value twice; remove one");
        }
    }

    /**
     * Returns the regular expression that each whole text matches.
     *
     * @return the expression, if there is one
     */
    public Optional<String> pattern() {
        return pattern.map(Pattern::pattern);
    }

    /**
     * Returns the greatest length of each text.
     *
     * @return in UTF-16 code units, if there is one
     */
    public Optional<Integer> maxLength() {
        return maxLength;
    }

    /**
     * Returns the smallest number.
     *
     * @return inclusive, if there is one
     */
    public Optional<Double> minimum() {
        return minimum;
    }

    /**
     * Returns the greatest number.
     *
     * @return inclusive, if there is one
     */
    public Optional<Double> maximum() {
        return maximum;
    }

    /**
     * Returns the greatest number of items of a list.
     *
     * @return at least 1, if there is one
     */
    public Optional<Integer> maxItems() {
        return maxItems;
    }

    /**
     * Returns the closed choice of texts of an enum.
     *
     * @return in order; empty for other types
     */
    public List<String> values() {
        return values;
    }

    ValueLimits withPattern(String regex) {
        return new ValueLimits(Optional.of(regex), maxLength, minimum, maximum, maxItems, values);
    }

    ValueLimits withMaxLength(int length) {
        return new ValueLimits(pattern(), Optional.of(length), minimum, maximum, maxItems, values);
    }

    ValueLimits withRange(double from, double to) {
        return new ValueLimits(pattern(), maxLength, Optional.of(from), Optional.of(to), maxItems, values);
    }

    ValueLimits withMaxItems(int items) {
        return new ValueLimits(pattern(), maxLength, minimum, maximum, Optional.of(items), values);
    }

    ValueLimits withValues(List<String> choice) {
        return new ValueLimits(pattern(), maxLength, minimum, maximum, maxItems, choice);
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
        if (pattern.isPresent() && !pattern.get().matches(value)) {
            return Optional.of("does not match the pattern " + pattern.get().pattern());
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
        pattern().ifPresent(value -> canonical.put("pattern", value));
        maxLength.ifPresent(value -> canonical.put("maxLength", value));
        minimum.ifPresent(value -> canonical.put("minimum", value));
        maximum.ifPresent(value -> canonical.put("maximum", value));
        maxItems.ifPresent(value -> canonical.put("maxItems", value));
        if (!values.isEmpty()) {
            canonical.put("values", values);
        }
        return canonical;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ValueLimits limits
                && pattern.equals(limits.pattern)
                && maxLength.equals(limits.maxLength)
                && minimum.equals(limits.minimum)
                && maximum.equals(limits.maximum)
                && maxItems.equals(limits.maxItems)
                && values.equals(limits.values);
    }

    @Override
    public int hashCode() {
        return Objects.hash(pattern, maxLength, minimum, maximum, maxItems, values);
    }

    /** Returns the limits that are set. */
    @Override
    public String toString() {
        return "ValueLimits" + new TreeMap<>(toCanonical());
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

    private static Pattern compiled(String regex) {
        try {
            return Pattern.compile(Objects.requireNonNull(regex, "regex"));
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    "the pattern of a prompt variable is no regular expression of RE2 (" + e.getDescription()
                            + "); correct it, and do without look-around and back references",
                    e);
        }
    }
}
