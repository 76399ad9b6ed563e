package dev.llmlifecycle.core.internal;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * Writes plain data as YAML for people and version control: block style, one value a line, nothing folded, keys in the
 * order of the map, and each text in quotes that another reader could take for something else.
 *
 * <p>Characters that a reader of the file would not see, such as control and bidirectional ones, are escaped.
 *
 * <p>Immutable.
 *
 * @since 0.1
 */
public final class YamlWriter {

    private static final ScalarResolver RESOLVER = new CoreSchema().getScalarResolver();
    private static final Pattern PLAIN =
            Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{M}\\p{N} _.,;:/()+'!?@$=<>^~*&|%\"-]*(?<![ :])");
    /** What readers of YAML 1.1 take for booleans. */
    private static final Set<String> OLD_BOOLEANS = Set.of("y", "n", "yes", "no", "on", "off");

    private static final Pattern OLD_NUMBER = Pattern.compile("[0-9][0-9_,.:]*");
    private static final String INDENT = "  ";

    private final StringBuilder out = new StringBuilder();

    private YamlWriter() {}

    /**
     * Writes a mapping.
     *
     * @param values maps, lists, texts, numbers, booleans and nulls
     * @return the text, with a line feed at the end; empty for the empty mapping
     * @throws IllegalArgumentException for half a surrogate pair and for other values
     */
    public static String write(Map<String, ?> values) {
        YamlWriter writer = new YamlWriter();
        writer.mapping(values, "");
        return writer.out.toString();
    }

    /**
     * Tells whether a reader of a file sees a character, so that it may stand there as it is.
     *
     * @param codePoint the character
     * @return false for line breaks, control, format and private characters, and for what is no character; tabs and the
     *     joiners inside words and emoji count as visible
     */
    public static boolean isVisible(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL -> codePoint == '\t';
            case Character.FORMAT -> codePoint == 0x200C || codePoint == 0x200D;
            case Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.PRIVATE_USE, Character.SURROGATE ->
                false;
            default -> (codePoint & 0xFFFE) != 0xFFFE;
        };
    }

    private void mapping(Map<String, ?> values, String indent) {
        values.forEach((key, value) -> {
            out.append(indent).append(isPlain(key) ? key : quoted(key)).append(':');
            value(value, indent);
        });
    }

    /** Writes what follows a key or a dash, to the end of the line or of the lines below. */
    private void value(@Nullable Object value, String indent) {
        if (value instanceof Map<?, ?> map && !map.isEmpty()) {
            out.append('\n');
            mapping(withTextKeys(map), indent + INDENT);
        } else if (value instanceof List<?> list && !list.isEmpty()) {
            out.append('\n');
            list.forEach(item -> item(item, indent + INDENT));
        } else if (value instanceof String text) {
            text(text, indent + INDENT);
        } else {
            out.append(' ').append(scalar(value)).append('\n');
        }
    }

    private void item(@Nullable Object item, String indent) {
        out.append(indent).append('-');
        if (item instanceof Map<?, ?> map && !map.isEmpty()) {
            int start = out.length();
            mapping(withTextKeys(map), indent + INDENT);
            // The first key goes onto the line of the dash.
            out.replace(start, start + indent.length() + INDENT.length(), " ");
        } else {
            value(item, indent);
        }
    }

    private void text(String text, String indent) {
        if (isPlain(text)) {
            out.append(' ').append(text).append('\n');
        } else if (isBlock(text)) {
            out.append(text.endsWith("\n") ? " |\n" : " |-\n");
            text.lines().forEach(line -> {
                out.append(line.isEmpty() ? "" : indent).append(line).append('\n');
            });
        } else {
            out.append(' ').append(quoted(text)).append('\n');
        }
    }

    private static String scalar(@Nullable Object value) {
        if (value instanceof Double number && number == Math.rint(number) && Math.abs(number) < 1e15) {
            return Long.toString(number.longValue());
        }
        if (value == null || value instanceof Number || value instanceof Boolean) {
            return String.valueOf(value);
        }
        if (value instanceof Map<?, ?>) {
            return "{}";
        }
        if (value instanceof List<?>) {
            return "[]";
        }
        throw new IllegalArgumentException("a " + value.getClass().getName()
                + " cannot be written as YAML; use maps, lists, texts, numbers and booleans");
    }

    private static boolean isPlain(String text) {
        return PLAIN.matcher(text).matches()
                && !text.contains(": ")
                && !OLD_BOOLEANS.contains(text.toLowerCase(Locale.ROOT))
                && !OLD_NUMBER.matcher(text).matches()
                && RESOLVER.resolve(text, true).equals(Tag.STR);
    }

    /** Tells whether a text can stand on lines of its own, as it is. */
    private static boolean isBlock(String text) {
        if (!text.contains("\n")
                || text.endsWith("\n\n")
                || text.startsWith(" ")
                || text.startsWith("\n")
                || text.startsWith("\t")) {
            return false;
        }
        return text.lines().noneMatch(line -> line.endsWith(" ") || line.endsWith("\t"))
                && text.codePoints().allMatch(c -> c == '\n' || isVisible(c));
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.codePoints().forEach(c -> {
            switch (c) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                default -> {
                    if (isVisible(c)) {
                        quoted.appendCodePoint(c);
                    } else if (Character.getType(c) == Character.SURROGATE) {
                        throw new IllegalArgumentException(
                                "a text holds half a surrogate pair and cannot be written as UTF-8; correct it");
                    } else {
                        quoted.append(String.format(Locale.ROOT, c > 0xFFFF ? "\\U%08X" : "\\u%04X", c));
                    }
                }
            }
        });
        return quoted.append('"').toString();
    }

    @SuppressWarnings("unchecked")
    private static Map<String, ?> withTextKeys(Map<?, ?> map) {
        return (Map<String, ?>) map;
    }
}
