package dev.llmlifecycle.api.identity;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;

import com.fasterxml.jackson.core.io.NumberOutput;
import org.jspecify.annotations.Nullable;

/**
 * Writes values as canonical JSON, the one text of a value that is equal on every JVM and in every run.
 *
 * <p>The form is RFC 8785 (JSON Canonicalization Scheme): no white space, object members sorted by the UTF-16 code
 * units of their names, strings with the shortest escapes, numbers as ECMAScript prints an IEEE 754 double. Accepted
 * are maps with string keys, lists and other iterables in a fixed order, strings, booleans, enums (by their name), the
 * boxed primitive numbers (a float as the double of its value) and null, nested at most 256 deep. Text is not
 * normalised: differently composed characters are different texts.
 *
 * <p>Thread-safe.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8785">RFC 8785</a>
 * @since 0.1
 */
public final class CanonicalJson {

    private static final long MAX_EXACT_INTEGER = 1L << 53;
    private static final int MAX_DEPTH = 256;

    private CanonicalJson() {}

    /**
     * Writes a value.
     *
     * @param value a map, iterable, string, boolean, enum, number or null
     * @return its canonical JSON
     * @throws IllegalArgumentException for another type, a set without an order, a number that is not finite or an
     *     integer beyond 2^53, a lone surrogate, or too deep nesting; the message names the path, such as
     *     {@code $.messages[1].text}
     */
    public static String write(@Nullable Object value) {
        StringBuilder out = new StringBuilder();
        write(value, "$", 0, out);
        return out.toString();
    }

    private static void write(@Nullable Object value, String path, int depth, StringBuilder out) {
        if (value == null) {
            out.append("null");
        } else if (value instanceof CharSequence text) {
            writeString(text.toString(), path, out);
        } else if (value instanceof Boolean) {
            out.append(value);
        } else if (value instanceof Enum<?> constant) {
            writeString(constant.name(), path, out);
        } else if (value instanceof Long
                || value instanceof Integer
                || value instanceof Short
                || value instanceof Byte) {
            writeInteger(((Number) value).longValue(), path, out);
        } else if (value instanceof Double || value instanceof Float) {
            writeDouble(((Number) value).doubleValue(), path, out);
        } else if (value instanceof Map<?, ?> map) {
            writeObject(map, path, nested(path, depth), out);
        } else if (value instanceof Set && !(value instanceof SortedSet) && !(value instanceof LinkedHashSet)) {
            throw refused(path, "holds a set, whose order differs between runs", "use a list or a sorted set");
        } else if (value instanceof Iterable<?> items) {
            writeArray(items, path, nested(path, depth), out);
        } else {
            throw refused(path, "holds a " + value.getClass().getName(), "use a map, list, string, number or boolean");
        }
    }

    private static int nested(String path, int depth) {
        if (depth == MAX_DEPTH) {
            throw new IllegalArgumentException("canonical JSON is nested more than " + MAX_DEPTH + " deep below "
                    + path.substring(0, Math.min(40, path.length())) + "; break the cycle or flatten the value");
        }
        return depth + 1;
    }

    private static void writeObject(Map<?, ?> map, String path, int depth, StringBuilder out) {
        TreeMap<String, @Nullable Object> sorted = new TreeMap<>();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            if (!(entry.getKey() instanceof String name)) {
                throw refused(path, "has the member name " + entry.getKey(), "use strings as names");
            }
            sorted.put(name, entry.getValue());
        }
        out.append('{');
        boolean first = true;
        for (Map.Entry<String, @Nullable Object> entry : sorted.entrySet()) {
            if (!first) {
                out.append(',');
            }
            first = false;
            writeString(entry.getKey(), path, out);
            out.append(':');
            write(entry.getValue(), path + "." + entry.getKey(), depth, out);
        }
        out.append('}');
    }

    private static void writeArray(Iterable<?> items, String path, int depth, StringBuilder out) {
        List<@Nullable Object> list = new ArrayList<>();
        items.forEach(list::add);
        out.append('[');
        for (int i = 0; i < list.size(); i++) {
            if (i > 0) {
                out.append(',');
            }
            write(list.get(i), path + "[" + i + "]", depth, out);
        }
        out.append(']');
    }

    private static void writeString(String text, String path, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < 0x20) {
                        out.append("\\u00").append(c < 0x10 ? '0' : '1').append(Character.forDigit(c & 0xf, 16));
                    } else if (Character.isSurrogate(c)) {
                        boolean pair = Character.isHighSurrogate(c)
                                && i + 1 < text.length()
                                && Character.isLowSurrogate(text.charAt(i + 1));
                        if (!pair) {
                            throw refused(path, "has a lone surrogate at index " + i, "repair the text first");
                        }
                        out.append(c).append(text.charAt(++i));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }

    private static void writeInteger(long value, String path, StringBuilder out) {
        if (value > MAX_EXACT_INTEGER || value < -MAX_EXACT_INTEGER) {
            throw refused(path, "is the integer " + value + " beyond 2^53", "write it as a string");
        }
        out.append(value);
    }

    private static void writeDouble(double value, String path, StringBuilder out) {
        if (!Double.isFinite(value)) {
            throw refused(path, "is the number " + value, "leave it out or write it as a string");
        }
        if (value == 0) {
            out.append('0');
            return;
        }
        // Jackson's writer gives the shortest digits on every JVM; Double.toString does so only from JDK 19 on.
        BigDecimal shortest = new BigDecimal(NumberOutput.toString(Math.abs(value), true)).stripTrailingZeros();
        // Java likes two digits where one is enough (4.9E-324); ECMAScript takes the fewest.
        BigDecimal oneDigit = shortest.round(new MathContext(1)).stripTrailingZeros();
        if (oneDigit.doubleValue() == Math.abs(value)) {
            shortest = oneDigit;
        }
        String digits = shortest.unscaledValue().toString();
        int point = digits.length() - shortest.scale();
        if (value < 0) {
            out.append('-');
        }
        if (point > 21 || point <= -6) {
            out.append(digits.charAt(0));
            if (digits.length() > 1) {
                out.append('.').append(digits, 1, digits.length());
            }
            out.append('e').append(point > 0 ? '+' : '-').append(Math.abs(point - 1));
        } else if (point <= 0) {
            out.append("0.").append("0".repeat(-point)).append(digits);
        } else if (point >= digits.length()) {
            out.append(digits).append("0".repeat(point - digits.length()));
        } else {
            out.append(digits, 0, point).append('.').append(digits, point, digits.length());
        }
    }

    private static IllegalArgumentException refused(String path, String problem, String remedy) {
        return new IllegalArgumentException("canonical JSON of " + path + " " + problem + "; " + remedy);
    }
}
