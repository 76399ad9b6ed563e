package dev.llmlifecycle.retrieval.vector.internal;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.ToIntFunction;

import dev.langchain4j.store.embedding.filter.Filter;
import dev.langchain4j.store.embedding.filter.comparison.ContainsString;
import dev.langchain4j.store.embedding.filter.comparison.IsEqualTo;
import dev.langchain4j.store.embedding.filter.comparison.IsGreaterThan;
import dev.langchain4j.store.embedding.filter.comparison.IsGreaterThanOrEqualTo;
import dev.langchain4j.store.embedding.filter.comparison.IsIn;
import dev.langchain4j.store.embedding.filter.comparison.IsLessThan;
import dev.langchain4j.store.embedding.filter.comparison.IsLessThanOrEqualTo;
import dev.langchain4j.store.embedding.filter.comparison.IsNotEqualTo;
import dev.langchain4j.store.embedding.filter.comparison.IsNotIn;

/**
 * A filter over one key, taken apart so that it can be answered from the values of the key.
 *
 * @param key the key
 * @param negated whether the rows are wanted that do not pass, or do not have the key
 * @param text what is asked of strings; nothing when the filter itself has to be asked, which may throw
 * @param identifier what is asked of UUIDs
 * @param number what is asked of numbers
 */
record Comparison(
        String key,
        boolean negated,
        Optional<ValueTest> text,
        Optional<ValueTest> identifier,
        Optional<ValueTest> number) {

    private static final String PACKAGE = IsEqualTo.class.getPackageName();

    /** Takes a filter apart, or returns nothing when it is of a class that is not known, such as a derived one. */
    static Optional<Comparison> of(Filter filter) {
        if (!filter.getClass().getPackageName().equals(PACKAGE)) {
            return Optional.empty();
        }
        if (filter instanceof IsEqualTo equal) {
            return Optional.of(equal(equal.key(), false, equal.comparisonValue()));
        }
        if (filter instanceof IsNotEqualTo equal) {
            return Optional.of(equal(equal.key(), true, equal.comparisonValue()));
        }
        if (filter instanceof IsGreaterThan bound) {
            return Optional.of(beyond(bound.key(), ValueTest.Side.ABOVE, bound.comparisonValue()));
        }
        if (filter instanceof IsGreaterThanOrEqualTo bound) {
            return Optional.of(beyond(bound.key(), ValueTest.Side.ABOVE_OR_AT, bound.comparisonValue()));
        }
        if (filter instanceof IsLessThan bound) {
            return Optional.of(beyond(bound.key(), ValueTest.Side.BELOW, bound.comparisonValue()));
        }
        if (filter instanceof IsLessThanOrEqualTo bound) {
            return Optional.of(beyond(bound.key(), ValueTest.Side.BELOW_OR_AT, bound.comparisonValue()));
        }
        if (filter instanceof IsIn in) {
            return Optional.of(among(in.key(), false, in.comparisonValues()));
        }
        if (filter instanceof IsNotIn in) {
            return Optional.of(among(in.key(), true, in.comparisonValues()));
        }
        if (filter instanceof ContainsString contains) {
            Optional<ValueTest> text = Optional.of(new ValueTest.Containing(contains.comparisonValue()));
            return Optional.of(new Comparison(contains.key(), false, text, Optional.empty(), Optional.empty()));
        }
        return Optional.empty();
    }

    /** Returns what is asked of the values of a kind; nothing when the filter itself has to be asked for each row. */
    Optional<ValueTest> test(Kind kind) {
        return switch (kind) {
            case TEXT, TORN_TEXT -> text;
            case IDENTIFIER -> identifier;
            case LONG, FLOAT, DOUBLE -> number;
            case NOT_FINITE -> Optional.empty();
        };
    }

    /** A UUID equals the string that it is written as. */
    private static Comparison equal(String key, boolean negated, Object value) {
        return new Comparison(
                key,
                negated,
                Optional.of(value instanceof UUID ? value.toString() : value)
                        .flatMap(Comparison::text)
                        .map(Comparison::only),
                identifier(value).map(Comparison::only),
                number(value).map(Comparison::only));
    }

    private static Comparison beyond(String key, ValueTest.Side side, Object bound) {
        Function<ToIntFunction<Object>, ValueTest> test = comparison -> new ValueTest.Beyond(side, comparison);
        return new Comparison(
                key,
                false,
                text(bound).map(test),
                identifier(bound).map(test),
                number(bound).map(test));
    }

    /**
     * The filter decides by the first of its values how it compares, so only the plain cases are answered from values:
     * strings are looked up among the strings, and UUIDs and numbers among their like.
     */
    private static Comparison among(String key, boolean negated, Collection<?> values) {
        Optional<ValueTest> text = Optional.empty();
        if (values.iterator().next() instanceof String) {
            text = Optional.of(new ValueTest.Among(values.stream()
                    .filter(String.class::isInstance)
                    .sorted()
                    .map(value -> text(value).orElseThrow())
                    .toList()));
        }
        Optional<ValueTest> identifier = Optional.empty();
        if (values.stream().allMatch(UUID.class::isInstance)) {
            identifier = Optional.of(new ValueTest.Among(values.stream()
                    .sorted()
                    .map(value -> identifier(value).orElseThrow())
                    .toList()));
        }
        Optional<ValueTest> number = Optional.empty();
        List<Decimal> decimals =
                values.stream().flatMap(value -> decimal(value).stream()).toList();
        if (decimals.size() == values.size()) {
            number = Optional.of(new ValueTest.Among(decimals.stream()
                    .sorted()
                    .map(decimal -> (ToIntFunction<Object>) decimal::compare)
                    .toList()));
        }
        return new Comparison(key, negated, text, identifier, number);
    }

    private static ValueTest only(ToIntFunction<Object> comparison) {
        return new ValueTest.Among(List.of(comparison));
    }

    private static Optional<ToIntFunction<Object>> text(Object operand) {
        return operand instanceof String text
                ? Optional.of(value -> ((String) value).compareTo(text))
                : Optional.empty();
    }

    private static Optional<ToIntFunction<Object>> identifier(Object operand) {
        return operand instanceof UUID id ? Optional.of(value -> ((UUID) value).compareTo(id)) : Optional.empty();
    }

    private static Optional<ToIntFunction<Object>> number(Object operand) {
        return decimal(operand).map(decimal -> decimal::compare);
    }

    private static Optional<Decimal> decimal(Object operand) {
        return operand instanceof Number number ? Decimal.of(number) : Optional.empty();
    }
}
