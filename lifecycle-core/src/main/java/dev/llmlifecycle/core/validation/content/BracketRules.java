package dev.llmlifecycle.core.validation.content;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * Tells whether the brackets of code close in order, outside its comments and texts. A text that does not end on its
 * line is taken for an apostrophe. Languages in which a bracket may stand alone, such as those of shells, have no
 * rules. Linear in the text.
 *
 * @param lineComment what begins a comment up to the end of a line
 * @param block whether there are comments between slash and star
 * @param quotes what texts stand in
 * @param tripled whether texts over several lines stand in three double or single quotes
 * @param regex whether a regular expression may stand between slashes
 */
record BracketRules(String lineComment, boolean block, String quotes, boolean tripled, boolean regex) {

    private static final BracketRules C = new BracketRules("//", true, "\"'", false, false);
    private static final BracketRules JVM = new BracketRules("//", true, "\"'", true, false);
    private static final BracketRules SCRIPT = new BracketRules("//", true, "\"'`", false, true);
    private static final BracketRules PYTHON = new BracketRules("#", false, "\"'", true, false);
    private static final BracketRules STYLES = new BracketRules("", true, "\"'", false, false);
    private static final BracketRules SQL = new BracketRules("--", true, "\"'", false, false);

    private static final Map<String, BracketRules> BY_LANGUAGE = Map.ofEntries(
            Map.entry("java", JVM),
            Map.entry("kotlin", JVM),
            Map.entry("scala", JVM),
            Map.entry("groovy", JVM),
            Map.entry("swift", JVM),
            Map.entry("c", C),
            Map.entry("cpp", C),
            Map.entry("c++", C),
            Map.entry("csharp", C),
            Map.entry("cs", C),
            Map.entry("c#", C),
            Map.entry("rust", C),
            Map.entry("go", new BracketRules("//", true, "\"'`", false, false)),
            Map.entry("javascript", SCRIPT),
            Map.entry("js", SCRIPT),
            Map.entry("typescript", SCRIPT),
            Map.entry("ts", SCRIPT),
            Map.entry("python", PYTHON),
            Map.entry("py", PYTHON),
            Map.entry("python3", PYTHON),
            Map.entry("css", STYLES),
            Map.entry("sql", SQL));

    static @Nullable BracketRules of(String language) {
        return BY_LANGUAGE.get(language);
    }

    Optional<String> problem(String code) {
        Deque<Character> open = new ArrayDeque<>();
        char before = '\n';
        int i = 0;
        while (i < code.length()) {
            char c = code.charAt(i);
            int next = c == '\\' ? i + 2 : afterHidden(code, i, before);
            if (next > i) {
                before = c;
                i = next;
                continue;
            }
            if (c == '(' || c == '[' || c == '{') {
                open.push(c);
            } else if (c == ')' || c == ']' || c == '}') {
                if (open.isEmpty() || open.pop() != partner(c)) {
                    return Optional.of("the bracket '" + c + "' closes nothing that is open");
                }
            }
            before = Character.isWhitespace(c) && c != '\n' ? before : c;
            i++;
        }
        return open.isEmpty() ? Optional.empty() : Optional.of("the bracket '" + open.peek() + "' is not closed");
    }

    private static char partner(char closing) {
        return switch (closing) {
            case ')' -> '(';
            case ']' -> '[';
            default -> '{';
        };
    }

    /** Returns the end of a comment or text that begins here, or the place itself. */
    private int afterHidden(String code, int at, char before) {
        if (!lineComment.isEmpty() && code.startsWith(lineComment, at)) {
            return orEnd(code, code.indexOf('\n', at), 0);
        }
        if (block && code.startsWith("/*", at)) {
            return orEnd(code, code.indexOf("*/", at + 2), 2);
        }
        char c = code.charAt(at);
        if (quotes.indexOf(c) < 0) {
            return regex && c == '/' && "\n(,=:[!&|?{};".indexOf(before) >= 0 ? afterText(code, at, '/') : at;
        }
        String three = String.valueOf(c).repeat(3);
        if (tripled && code.startsWith(three, at)) {
            return orEnd(code, code.indexOf(three, at + 3), 3);
        }
        return c == '`' ? orEnd(code, code.indexOf('`', at + 1), 1) : afterText(code, at, c);
    }

    private static int orEnd(String code, int found, int length) {
        return found < 0 ? code.length() : found + length;
    }

    /** Returns the end of a text on one line, or the next place where the line ends first. */
    private static int afterText(String code, int at, char quote) {
        for (int i = at + 1; i < code.length() && code.charAt(i) != '\n'; i++) {
            if (code.charAt(i) == '\\') {
                i++;
            } else if (code.charAt(i) == quote) {
                return i + 1;
            }
        }
        return at + 1;
    }
}
