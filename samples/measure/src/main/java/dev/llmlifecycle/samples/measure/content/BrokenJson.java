package dev.llmlifecycle.samples.measure.content;

import java.util.SplittableRandom;

import com.fasterxml.jackson.databind.JsonNode;

/** JSON broken in the ways in which language models break it, so that one can tell whether it was mended. */
enum BrokenJson {
    /** In a code block with words around it. */
    FENCED,
    /** Commas before closing brackets. */
    TRAILING_COMMA,
    /** Python's quotes and literals. */
    PYTHON,
    /** Names without quotes. */
    UNQUOTED_KEYS,
    /** A closing bracket too few. */
    MISSING_BRACKET,
    /** Comments between members. */
    COMMENTS,
    /** A comma between members left out. */
    MISSING_COMMA,
    /** Line breaks within texts. */
    RAW_LINE_BREAK,
    /** Typographic quotes. */
    TYPOGRAPHIC,
    /** A closing bracket too many. */
    EXTRA_BRACKET;

    String of(JsonNode value, SplittableRandom random) {
        String json = value.toPrettyString();
        return switch (this) {
            case FENCED -> "Here are the arguments [1]:\n```json\n" + json + "\n```\nShall I call it?";
            case TRAILING_COMMA -> json.replaceAll("([^\\s\\[{,])(\\s*[}\\]])", "$1,$2");
            case PYTHON -> python(value);
            case UNQUOTED_KEYS -> json.replaceAll("\"([A-Za-z_]\\w*)\"(\\s*:)", "$1$2");
            case MISSING_BRACKET -> json.strip().substring(0, json.strip().length() - 1);
            case COMMENTS -> json.replace("{\n", "{ // the arguments\n").replace(",\n", ", /* next */\n");
            case MISSING_COMMA -> without(json, ",\n", random);
            case RAW_LINE_BREAK -> json.replaceAll("(\"[^\"\\\\]*[a-z]) ([a-z][^\"\\\\]*\")", "$1\n$2");
            case TYPOGRAPHIC -> json.replaceAll("\"([^\"\\\\]*)\"", "“$1”");
            case EXTRA_BRACKET -> json + (random.nextBoolean() ? "}" : "]");
        };
    }

    /** What a mended document has to equal: a line break in a text stays one. */
    JsonNode expected(JsonNode value, JsonNode repaired) {
        return this == RAW_LINE_BREAK && repaired.toString().replace("\\n", " ").equals(value.toString())
                ? repaired
                : value;
    }

    private static String without(String json, String mark, SplittableRandom random) {
        int marks = (json.length() - json.replace(mark, "").length()) / mark.length();
        if (marks == 0) {
            return json;
        }
        int at = -1;
        for (int i = random.nextInt(marks); i >= 0; i--) {
            at = json.indexOf(mark, at + 1);
        }
        return json.substring(0, at) + json.substring(at + 1);
    }

    /** As Python prints a value. */
    private static String python(JsonNode value) {
        if (value.isObject()) {
            StringBuilder out = new StringBuilder("{");
            value.properties()
                    .forEach(field -> out.append(out.length() > 1 ? ", " : "")
                            .append(quoted(field.getKey()))
                            .append(": ")
                            .append(python(field.getValue())));
            return out.append('}').toString();
        }
        if (value.isArray()) {
            StringBuilder out = new StringBuilder("[");
            value.forEach(each -> out.append(out.length() > 1 ? ", " : "").append(python(each)));
            return out.append(']').toString();
        }
        if (value.isBoolean()) {
            return value.booleanValue() ? "True" : "False";
        }
        return value.isNull() ? "None" : value.isTextual() ? quoted(value.textValue()) : value.toString();
    }

    private static String quoted(String text) {
        String escaped = text.replace("\\", "\\\\");
        return text.contains("'") && !text.contains("\"")
                ? '"' + escaped + '"'
                : "'" + escaped.replace("'", "\\'") + "'";
    }
}
