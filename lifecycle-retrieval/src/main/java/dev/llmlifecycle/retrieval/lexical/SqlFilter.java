package dev.llmlifecycle.retrieval.lexical;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

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
import dev.langchain4j.store.embedding.filter.logical.And;
import dev.langchain4j.store.embedding.filter.logical.Not;
import dev.langchain4j.store.embedding.filter.logical.Or;

/**
 * A condition on a {@code jsonb} column that holds for every row that a filter allows, and perhaps for more.
 *
 * @param sql the condition, never null to the database, with question marks for the parameters
 * @param parameters strings and {@link BigDecimal}s
 * @param exact whether it holds for no other rows, but for those for which the filter would throw
 */
record SqlFilter(String sql, List<Object> parameters, boolean exact) {

    private static final SqlFilter ANY = new SqlFilter("TRUE", List.of(), false);

    private static final List<String> KNOWN = List.of(And.class.getPackageName(), IsEqualTo.class.getPackageName());

    SqlFilter {
        parameters = List.copyOf(parameters);
    }

    /**
     * Translates what has the same meaning in SQL; the rest is left to the filter itself.
     *
     * @param filter any filter
     * @param column the quoted column
     */
    static SqlFilter of(Filter filter, String column) {
        if (!KNOWN.contains(filter.getClass().getPackageName())) {
            return ANY;
        }
        if (filter instanceof And and) {
            return of(and.left(), column).join("AND", of(and.right(), column));
        }
        if (filter instanceof Or or) {
            return of(or.left(), column).join("OR", of(or.right(), column));
        }
        if (filter instanceof Not not) {
            return of(not.expression(), column).negated();
        }
        if (filter instanceof IsEqualTo equal) {
            return among(equal.key(), List.of(equal.comparisonValue()), column);
        }
        if (filter instanceof IsNotEqualTo equal) {
            return among(equal.key(), List.of(equal.comparisonValue()), column).negated();
        }
        if (filter instanceof IsIn in) {
            return among(in.key(), in.comparisonValues(), column);
        }
        if (filter instanceof IsNotIn in) {
            return among(in.key(), in.comparisonValues(), column).negated();
        }
        if (filter instanceof IsGreaterThan bound) {
            return compared(bound.key(), ">", bound.comparisonValue(), column);
        }
        if (filter instanceof IsGreaterThanOrEqualTo bound) {
            return compared(bound.key(), ">=", bound.comparisonValue(), column);
        }
        if (filter instanceof IsLessThan bound) {
            return compared(bound.key(), "<", bound.comparisonValue(), column);
        }
        if (filter instanceof IsLessThanOrEqualTo bound) {
            return compared(bound.key(), "<=", bound.comparisonValue(), column);
        }
        if (filter instanceof ContainsString contains) {
            return typed(
                    contains.key(),
                    "string",
                    "position(?::text in " + column + " ->> ?::text) > 0",
                    List.of(contains.comparisonValue(), contains.key()),
                    column);
        }
        return ANY;
    }

    private SqlFilter join(String operator, SqlFilter other) {
        List<Object> both = new ArrayList<>(parameters);
        both.addAll(other.parameters);
        return new SqlFilter("(" + sql + " " + operator + " " + other.sql + ")", both, exact && other.exact);
    }

    /** What holds for too many rows says nothing when it is turned round. */
    private SqlFilter negated() {
        return exact ? new SqlFilter("NOT " + sql, parameters, true) : ANY;
    }

    private static SqlFilter among(String key, Collection<?> values, String column) {
        List<Object> parameters = new ArrayList<>();
        parameters.add(key);
        if (values.stream().allMatch(String.class::isInstance)) {
            parameters.addAll(values);
            return typed(
                    key, "string", column + " ->> ?::text IN (" + places("text", values) + ")", parameters, column);
        }
        List<BigDecimal> numbers =
                values.stream().flatMap(value -> number(value).stream()).toList();
        if (numbers.size() == values.size()) {
            parameters.addAll(numbers);
            return typed(
                    key,
                    "number",
                    "(" + column + " ->> ?::text)::numeric IN (" + places("numeric", values) + ")",
                    parameters,
                    column);
        }
        return ANY;
    }

    private static String places(String type, Collection<?> values) {
        return values.stream().map(value -> "?::" + type).collect(Collectors.joining(", "));
    }

    private static SqlFilter compared(String key, String operator, Object bound, String column) {
        return number(bound)
                .map(number -> typed(
                        key,
                        "number",
                        "(" + column + " ->> ?::text)::numeric " + operator + " ?::numeric",
                        List.of(key, number),
                        column))
                .orElse(ANY);
    }

    /** A condition on values of one JSON type; a row with another one, or without the key, does not hold it. */
    private static SqlFilter typed(String key, String type, String condition, List<Object> parameters, String column) {
        List<Object> all = new ArrayList<>();
        all.add(key);
        all.addAll(parameters);
        boolean storable = all.stream().allMatch(value -> !(value instanceof String text) || isStorable(text));
        return storable
                ? new SqlFilter(
                        "CASE WHEN jsonb_typeof(" + column + " -> ?::text) = '" + type + "' THEN " + condition
                                + " ELSE FALSE END",
                        all,
                        true)
                : ANY;
    }

    /** LangChain4j compares numbers by the digits that they are printed with. */
    private static Optional<BigDecimal> number(Object value) {
        if (!(value instanceof Number number)) {
            return Optional.empty();
        }
        try {
            return Optional.of(new BigDecimal(number.toString()));
        } catch (NumberFormatException notFinite) {
            return Optional.empty();
        }
    }

    /** Says whether PostgreSQL can hold a text: one without NUL and without half a surrogate pair. */
    static boolean isStorable(String text) {
        return text.equals(storable(text));
    }

    /** Returns the text with a space for what PostgreSQL cannot hold. */
    static String storable(String text) {
        StringBuilder storable = new StringBuilder(text.length());
        text.codePoints()
                .map(point -> point == 0 || (point <= Character.MAX_VALUE && Character.isSurrogate((char) point))
                        ? ' '
                        : point)
                .forEach(storable::appendCodePoint);
        return storable.toString();
    }
}
