package dev.llmlifecycle.retrieval.vector.internal;

import java.util.Comparator;
import java.util.UUID;

/**
 * The kinds of metadata values, in the order of the file; within a kind, values have their natural order.
 *
 * <p>Integers are longs, as no filter tells them apart. Floats and doubles stay apart: filters compare their decimal
 * digits, and only among values of one type is the order of the digits that of the values.
 */
enum Kind {
    /** Strings, as UTF-8. */
    TEXT,
    /** Strings with half a surrogate pair, which UTF-8 cannot say. */
    TORN_TEXT,
    IDENTIFIER,
    LONG,
    FLOAT,
    DOUBLE,
    /** NaN and the infinities, which filters cannot compare; all are one value. */
    NOT_FINITE;

    /** The order of the values of one kind. */
    static final Comparator<Object> WITHIN = Comparator.comparing(Kind::comparable);

    /** Returns the kind of a value that {@link #normal} gave. */
    static Kind of(Object value) {
        if (value instanceof String text) {
            return isTorn(text) ? TORN_TEXT : TEXT;
        }
        if (value instanceof Long) {
            return LONG;
        }
        if (value instanceof Double number) {
            return Double.isFinite(number) ? DOUBLE : NOT_FINITE;
        }
        if (value instanceof Float) {
            return FLOAT;
        }
        if (value instanceof UUID) {
            return IDENTIFIER;
        }
        throw new IllegalArgumentException("metadata of the " + value.getClass() + " cannot be indexed; use a string, "
                + "an int, long, float or double, or a UUID");
    }

    /** Returns one value for all that no filter can tell apart. */
    static Object normal(Object value) {
        if (value instanceof Integer number) {
            return number.longValue();
        }
        if (value instanceof Float number) {
            return Float.isFinite(number) ? (Object) (number + 0.0f) : Double.NaN;
        }
        if (value instanceof Double number) {
            return Double.isFinite(number) ? number + 0.0 : Double.NaN;
        }
        return value;
    }

    private static boolean isTorn(String text) {
        return text.codePoints()
                .anyMatch(point -> point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE);
    }

    @SuppressWarnings("unchecked")
    private static Comparable<Object> comparable(Object value) {
        return (Comparable<Object>) value;
    }
}
