package dev.llmlifecycle.core.reasoning.steps;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import dev.llmlifecycle.api.identity.Identified;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.text.Sentences;
import dev.llmlifecycle.api.text.TextSpan;
import org.jspecify.annotations.Nullable;

/**
 * Splits a chain of thought into steps, whatever the model numbered them with, and never loses a character: the spans
 * of the steps follow each other and cover the text.
 *
 * <p>Looked for in this order: the elements of a JSON array (also inside a code fence, or under the first array of an
 * object; unbalanced brackets end at the end of the text); at least two items of one kind ({@code 1.}, {@code 1)},
 * {@code (1)}, {@code Step 1:}, {@code (a)}, {@code a)}, bullets, rows of a table), where lines without an item belong
 * to the one above, except a line that gives the answer; items such as {@code Step 2:} inside one line; lines that are
 * not blank; and, in a text of one line, sentences. A fence of code is never split. A text of white space has no steps.
 *
 * <p>Linear in the text. Thread-safe.
 *
 * @since 0.1
 */
public final class StepParser implements Identified {

    /** So many steps are told apart by default; what follows belongs to the last. */
    public static final int MAX_STEPS = 10_000;

    private static final String FENCE = "```";
    private static final List<String> CONCLUSIONS =
            List.of("answer:", "final answer:", "a:", "####", "the answer is", "so the answer is");

    private final int maxSteps;

    private StepParser(int maxSteps) {
        this.maxSteps = maxSteps;
    }

    /**
     * Makes a parser of at most {@value #MAX_STEPS} steps.
     *
     * @return the parser
     */
    public static StepParser standard() {
        return new StepParser(MAX_STEPS);
    }

    /**
     * Makes a parser that tells so many steps apart.
     *
     * @param maxSteps at least 1; what follows belongs to the last
     * @return the parser
     */
    public static StepParser ofAtMost(int maxSteps) {
        if (maxSteps < 1) {
            throw new IllegalArgumentException("the number of steps must be at least 1 but was " + maxSteps);
        }
        return new StepParser(maxSteps);
    }

    @Override
    public Identity identity() {
        return Identity.of("step-parser", "1", Map.of("maxSteps", maxSteps));
    }

    /**
     * Splits a text.
     *
     * @param text a chain of thought
     * @return its steps in order; their spans cover the text, unless it is blank
     */
    public List<ReasoningStep> parse(String text) {
        if (text.isBlank()) {
            return List.of();
        }
        List<Mark> marks = jsonElements(text);
        if (marks.isEmpty()) {
            marks = items(text);
        }
        if (marks.isEmpty()) {
            marks = inlineItems(text);
        }
        if (marks.isEmpty()) {
            marks = lines(text);
        }
        if (marks.size() < 2 && marks.stream().allMatch(mark -> mark.style() == StepStyle.LINE)) {
            marks = sentences(text);
        }
        return steps(text, marks);
    }

    /**
     * Where a step begins.
     *
     * @param at the index of its first character, marker included
     * @param content the index after the marker
     * @param end the index after what it says, or -1 where the next begins
     */
    private record Mark(int at, int content, int end, StepStyle style) {}

    private List<ReasoningStep> steps(String text, List<Mark> marks) {
        List<ReasoningStep> steps = new ArrayList<>();
        int count = Math.min(marks.size(), maxSteps);
        for (int i = 0; i < count; i++) {
            Mark mark = marks.get(i);
            boolean last = i == count - 1;
            int start = i == 0 ? 0 : mark.at();
            int end = last ? text.length() : marks.get(i + 1).at();
            int contentEnd = mark.end() < 0 || (last && count < marks.size()) ? end : mark.end();
            String label = text.substring(mark.at(), mark.content()).strip();
            String content = text.substring(mark.content(), Math.max(mark.content(), contentEnd))
                    .strip();
            steps.add(new ReasoningStep(i, mark.style(), label, content, new TextSpan(start, end)));
        }
        return List.copyOf(steps);
    }

    // JSON

    private static List<Mark> jsonElements(String text) {
        int at = skipSpace(text, 0);
        if (text.startsWith(FENCE, at)) {
            int line = text.indexOf('\n', at);
            at = line < 0 ? text.length() : skipSpace(text, line + 1);
        }
        if (at < text.length() && text.charAt(at) == '{') {
            at = firstArray(text, at + 1);
        }
        if (at < 0 || at >= text.length() || text.charAt(at) != '[') {
            return List.of();
        }
        int first = skipSpace(text, at + 1);
        if (first >= text.length() || "\"{[".indexOf(text.charAt(first)) < 0) {
            // "[1] says …" is a citation and no array of steps.
            return List.of();
        }
        List<Mark> marks = new ArrayList<>();
        int depth = 1;
        int elementStart = first;
        boolean inString = false;
        int i = at + 1;
        for (; i < text.length() && depth > 0; i++) {
            char c = text.charAt(i);
            if (inString) {
                if (c == '\\') {
                    i++;
                } else if (c == '"') {
                    inString = false;
                }
            } else if (c == '"') {
                inString = true;
            } else if (c == '[' || c == '{') {
                depth++;
            } else if (c == ']' || c == '}') {
                depth--;
            }
            boolean separator = !inString && c == ',' && depth == 1;
            if (separator || depth == 0) {
                addElement(text, elementStart, i, marks);
                elementStart = skipSpace(text, i + 1);
            }
        }
        if (depth > 0) {
            addElement(text, elementStart, text.length(), marks);
        }
        return marks;
    }

    private static void addElement(String text, int start, int end, List<Mark> marks) {
        int to = Math.min(end, text.length());
        if (start < to && !text.substring(start, to).isBlank()) {
            marks.add(new Mark(start, start, to, StepStyle.JSON_ELEMENT));
        }
    }

    /** Returns where the first array of an object begins, strings left out, or -1. */
    private static int firstArray(String text, int from) {
        boolean inString = false;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (inString) {
                if (c == '\\') {
                    i++;
                } else if (c == '"') {
                    inString = false;
                }
            } else if (c == '"') {
                inString = true;
            } else if (c == '[') {
                return i;
            } else if (c == '{' || c == '}') {
                return -1;
            }
        }
        return -1;
    }

    // Items at the beginning of lines

    private static List<Mark> items(String text) {
        List<Mark> all = new ArrayList<>();
        int firstText = -1;
        boolean fenced = false;
        for (int at = 0; at < text.length(); ) {
            int newline = text.indexOf('\n', at);
            int end = newline < 0 ? text.length() : newline;
            int start = skipBlanks(text, at, end);
            if (start < end) {
                boolean fence = text.startsWith(FENCE, start);
                Mark mark = fence || fenced ? null : item(text, start, end);
                fenced ^= fence;
                if (mark != null) {
                    all.add(mark);
                } else if (firstText < 0 && all.isEmpty()) {
                    firstText = start;
                }
            }
            at = end + 1;
        }
        StepStyle style = prevailing(all);
        if (style == null) {
            return List.of();
        }
        List<Mark> marks = new ArrayList<>();
        if (firstText >= 0) {
            marks.add(new Mark(firstText, firstText, -1, StepStyle.LINE));
        }
        all.stream()
                .filter(mark -> mark.style() == style || mark.style() == StepStyle.LINE)
                .forEach(marks::add);
        return marks;
    }

    /** Returns the style of the first item that is not alone: nested items of another style belong to it. */
    private static @Nullable StepStyle prevailing(List<Mark> marks) {
        Map<StepStyle, Integer> counts = new EnumMap<>(StepStyle.class);
        marks.forEach(mark -> counts.merge(mark.style(), 1, Integer::sum));
        for (Mark mark : marks) {
            if (counts.getOrDefault(mark.style(), 0) > 1 && mark.style() != StepStyle.LINE) {
                return mark.style();
            }
        }
        return null;
    }

    private static @Nullable Mark item(String text, int start, int end) {
        int from = start;
        // Headings and emphasis around a marker, as in "## Step 1:" or "**1.**".
        while (from < end
                && !text.startsWith("####", start)
                && (text.charAt(from) == '#' || text.charAt(from) == '*')
                && from - start < 8) {
            from++;
        }
        if (from > start && from < end && text.charAt(from) == ' ' && text.charAt(start) == '#') {
            from = skipBlanks(text, from, end);
        }
        int after = stepWord(text, from, end);
        if (after < 0) {
            after = number(text, from, end);
        }
        if (after >= 0) {
            return new Mark(start, after, -1, StepStyle.NUMBERED);
        }
        after = letter(text, start, end);
        if (after >= 0) {
            return new Mark(start, after, -1, StepStyle.LETTERED);
        }
        char c = text.charAt(start);
        if ("-*+•‣◦–".indexOf(c) >= 0 && start + 1 < end && isBlank(text.charAt(start + 1))) {
            return new Mark(start, start + 1, -1, StepStyle.BULLET);
        }
        if (c == '|' && !isRule(text, start, end)) {
            return new Mark(start, start, -1, StepStyle.TABLE_ROW);
        }
        return concludes(text, from) ? new Mark(start, start, -1, StepStyle.LINE) : null;
    }

    /** Tells whether a line gives the answer, so that it does not belong to the item above. */
    private static boolean concludes(String text, int start) {
        for (String marker : CONCLUSIONS) {
            if (text.regionMatches(true, start, marker, 0, marker.length())) {
                return true;
            }
        }
        return false;
    }

    /** Returns the index after {@code Step 12:}, or -1. */
    private static int stepWord(String text, int start, int end) {
        if (!text.regionMatches(true, start, "step", 0, 4)) {
            return -1;
        }
        int at = skipBlanks(text, start + 4, end);
        int digits = skipDigits(text, at, end);
        if (digits == at || digits - at > 5) {
            return -1;
        }
        int after = digits;
        while (after < end && ":.)-–—*".indexOf(text.charAt(after)) >= 0) {
            after++;
        }
        return after > digits || after == end || isBlank(text.charAt(after)) ? after : -1;
    }

    /** Returns the index after {@code 12.}, {@code 12)}, {@code 12:} or {@code (12)}, or -1. */
    private static int number(String text, int start, int end) {
        boolean bracket = start < end && text.charAt(start) == '(';
        int at = bracket ? start + 1 : start;
        int digits = skipDigits(text, at, end);
        if (digits == at || digits - at > 5 || digits >= end) {
            return -1;
        }
        char c = text.charAt(digits);
        boolean closed = bracket ? c == ')' : c == '.' || c == ')' || c == ':';
        int after = digits + 1;
        while (closed && after < end && text.charAt(after) == '*') {
            after++;
        }
        return closed && (after >= end || isBlank(text.charAt(after))) ? after : -1;
    }

    /** Returns the index after {@code (a)} or {@code a)}, or -1. */
    private static int letter(String text, int start, int end) {
        boolean bracket = text.charAt(start) == '(';
        int at = bracket ? start + 1 : start;
        if (at + 1 >= end || !isLatin(text.charAt(at)) || text.charAt(at + 1) != ')') {
            return -1;
        }
        return at + 2 >= end || isBlank(text.charAt(at + 2)) ? at + 2 : -1;
    }

    /** Tells whether a row of a table only draws the line under its head. */
    private static boolean isRule(String text, int start, int end) {
        for (int i = start; i < end; i++) {
            if ("|-: \t\r".indexOf(text.charAt(i)) < 0) {
                return false;
            }
        }
        return true;
    }

    /** Finds {@code Step 1: … Step 2: …} in running text. */
    private static List<Mark> inlineItems(String text) {
        List<Mark> marks = new ArrayList<>();
        String lower = text.toLowerCase(Locale.ROOT);
        if (lower.length() != text.length()) {
            return List.of();
        }
        int first = skipSpace(text, 0);
        for (int at = lower.indexOf("step "); at >= 0; at = lower.indexOf("step ", at + 1)) {
            boolean begins = at == 0 || !Character.isLetterOrDigit(text.charAt(at - 1));
            int after = begins ? stepWord(text, at, text.length()) : -1;
            if (after > 0 && ":.)".indexOf(text.charAt(after - 1)) >= 0) {
                marks.add(new Mark(at, after, -1, StepStyle.NUMBERED));
            }
        }
        if (marks.size() < 2) {
            return List.of();
        }
        if (marks.get(0).at() > first) {
            marks.add(0, new Mark(first, first, -1, StepStyle.LINE));
        }
        return marks;
    }

    private static List<Mark> lines(String text) {
        List<Mark> marks = new ArrayList<>();
        boolean fenced = false;
        for (int at = 0; at < text.length(); ) {
            int newline = text.indexOf('\n', at);
            int end = newline < 0 ? text.length() : newline;
            int start = skipBlanks(text, at, end);
            if (start < end) {
                if (!fenced) {
                    marks.add(new Mark(start, start, -1, StepStyle.LINE));
                }
                fenced ^= text.startsWith(FENCE, start);
            }
            at = end + 1;
        }
        return marks;
    }

    private static List<Mark> sentences(String text) {
        List<Mark> marks = new ArrayList<>();
        for (TextSpan sentence : Sentences.split(text)) {
            marks.add(new Mark(sentence.start(), sentence.start(), -1, StepStyle.SENTENCE));
        }
        if (marks.isEmpty()) {
            int first = skipSpace(text, 0);
            marks.add(new Mark(first, first, -1, StepStyle.SENTENCE));
        }
        return marks;
    }

    private static int skipSpace(String text, int from) {
        return skipBlanksAnd(text, from, text.length(), true);
    }

    private static int skipBlanks(String text, int from, int end) {
        return skipBlanksAnd(text, from, end, false);
    }

    private static int skipBlanksAnd(String text, int from, int end, boolean newlines) {
        int at = from;
        while (at < end && (isBlank(text.charAt(at)) || (newlines && text.charAt(at) == '\n'))) {
            at++;
        }
        return at;
    }

    private static int skipDigits(String text, int from, int end) {
        int at = from;
        while (at < end && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        return at;
    }

    private static boolean isLatin(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    private static boolean isBlank(char c) {
        return c != '\n' && (Character.isWhitespace(c) || Character.isSpaceChar(c));
    }
}
