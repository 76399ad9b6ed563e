package dev.llmlifecycle.core.internal.text;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.llmlifecycle.api.text.TextSpan;

/**
 * Finds the citations in an answer: {@code [1]}, {@code [1][3]} or {@code [1, 3]}.
 *
 * <p>Thread-safe; linear in the length of the text.
 */
public final class CitationMarks {

    // Possessive, so that a mark with very many numbers is matched in a loop and not on the stack.
    private static final Pattern MARK = Pattern.compile("\\[(\\d{1,3}+(?:\\s*+,\\s*+\\d{1,3}+)*+)]");
    private static final Pattern NUMBER = Pattern.compile("\\d+");

    private CitationMarks() {}

    /**
     * Returns the citations in order; those of one mark share its span.
     *
     * @param answer any text
     * @return the citations, possibly none
     */
    public static List<Mark> in(String answer) {
        List<Mark> marks = new ArrayList<>();
        Matcher mark = MARK.matcher(answer);
        while (mark.find()) {
            TextSpan span = new TextSpan(mark.start(), mark.end());
            Matcher number = NUMBER.matcher(mark.group(1));
            while (number.find()) {
                marks.add(new Mark(Integer.parseInt(number.group()), span));
            }
        }
        return marks;
    }

    /**
     * Returns a text with a space for each mark.
     *
     * @param answer any text
     * @return the text without citations
     */
    public static String remove(String answer) {
        return MARK.matcher(answer).replaceAll(" ");
    }

    /**
     * A citation.
     *
     * @param number the number of the passage
     * @param span where the mark stands
     */
    public record Mark(int number, TextSpan span) {}
}
