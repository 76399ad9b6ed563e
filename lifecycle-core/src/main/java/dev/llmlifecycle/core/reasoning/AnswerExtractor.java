package dev.llmlifecycle.core.reasoning;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.llmlifecycle.api.identity.Identified;
import dev.llmlifecycle.api.identity.Identity;

/**
 * Finds the answer in a chain of thought by its marker, and tells which answers are the same.
 *
 * <p>The marker that begins last counts. {@code Answer:}, {@code Final answer:} and {@code A:} at the beginning of a
 * line lead to all that follows; {@code ####}, {@code the answer is} and {@code \boxed{…}} to the rest of the line.
 * What stands between {@code <think>} and {@code </think>} is a thought, whatever it says.
 *
 * <p>Linear in the text. Thread-safe.
 *
 * @since 0.1
 */
public final class AnswerExtractor implements Identified {

    private static final List<String> BLOCK_MARKERS = List.of("final answer:", "answer:", "a:");
    private static final List<String> LINE_MARKERS = List.of("####", "the answer is");
    private static final String BOXED = "\\boxed{";
    private static final String THINK_END = "</think>";
    private static final Pattern NUMBER =
            Pattern.compile("[-−]?(?:\\d{1,3}(?:,\\d{3})+|\\d+)(?:\\.\\d+)?|[-−]?\\.\\d+");
    private static final Pattern OPTION = Pattern.compile("\\(?([A-Za-z])[).]?");
    private static final int MOST_DIGITS = 60;

    private final List<String> blockMarkers;
    private final List<String> lineMarkers;

    private AnswerExtractor(List<String> blockMarkers, List<String> lineMarkers) {
        this.blockMarkers = blockMarkers;
        this.lineMarkers = lineMarkers;
    }

    /**
     * Makes an extractor with the usual markers.
     *
     * @return the extractor
     */
    public static AnswerExtractor standard() {
        return new AnswerExtractor(BLOCK_MARKERS, LINE_MARKERS);
    }

    /**
     * Makes an extractor with one marker of the host's, which begins a line and leads to all that follows it.
     *
     * @param marker the marker, such as {@code "Antwort:"}; case does not matter
     * @return the extractor
     */
    public static AnswerExtractor marker(String marker) {
        if (Objects.requireNonNull(marker, "marker").isBlank()) {
            throw new IllegalArgumentException("the marker of an answer is blank; name one, such as \"Answer:\"");
        }
        return new AnswerExtractor(List.of(marker.strip().toLowerCase(Locale.ROOT)), List.of());
    }

    @Override
    public Identity identity() {
        return Identity.of("answer-extractor", "1", Map.of("blocks", blockMarkers, "lines", lineMarkers));
    }

    /**
     * Takes a text apart.
     *
     * @param text what the model wrote
     * @return the answer; the whole text where there is no marker
     */
    public ExtractedAnswer extract(String text) {
        int thought = text.lastIndexOf(THINK_END);
        int from = thought < 0 ? 0 : thought + THINK_END.length();
        Place best = new Place(-1, -1, -1);
        for (String marker : blockMarkers) {
            best = best.later(lastBlock(text, from, marker));
        }
        for (String marker : lineMarkers) {
            best = best.later(lastLine(text, from, marker));
        }
        if (!lineMarkers.isEmpty()) {
            best = best.later(boxed(text, from));
        }
        if (best.at() < 0) {
            return new ExtractedAnswer(
                    text.substring(from).strip(), text.substring(0, from).strip(), false);
        }
        String answer = bare(text.substring(best.start(), best.end()));
        return answer.isEmpty()
                ? new ExtractedAnswer(
                        text.substring(from).strip(), text.substring(0, from).strip(), false)
                : new ExtractedAnswer(answer, text.substring(0, best.at()).strip(), true);
    }

    /**
     * Returns what is equal for answers that say the same: the number where there is exactly one, the letter of an
     * option, else the words in lower case without marks around them.
     *
     * @param answer an answer, extracted
     * @return its key, for votes and comparisons
     */
    public String key(String answer) {
        String plain = bare(answer).strip();
        Matcher option = OPTION.matcher(plain);
        if (option.matches()) {
            return option.group(1).toLowerCase(Locale.ROOT);
        }
        List<String> numbers = new ArrayList<>(2);
        Matcher matcher = NUMBER.matcher(plain);
        while (numbers.size() < 2 && matcher.find()) {
            numbers.add(matcher.group());
        }
        if (numbers.size() == 1 && numbers.get(0).length() <= MOST_DIGITS) {
            String number = numbers.get(0).replace(",", "").replace('−', '-');
            return new BigDecimal(number).stripTrailingZeros().toPlainString();
        }
        StringBuilder words = new StringBuilder();
        boolean space = false;
        for (int i = 0; i < plain.length(); i++) {
            char c = plain.charAt(i);
            if (Character.isWhitespace(c)) {
                space = words.length() > 0;
            } else {
                if (space) {
                    words.append(' ');
                }
                space = false;
                words.append(Character.toLowerCase(c));
            }
        }
        return words.toString();
    }

    /**
     * Where an answer stands.
     *
     * @param at where its marker begins
     * @param start where it begins
     * @param end the index after it
     */
    private record Place(int at, int start, int end) {

        Place later(Place other) {
            return other.at > at ? other : this;
        }
    }

    private static Place lastBlock(String text, int from, String marker) {
        for (int at = text.length() - marker.length(); at >= from; at--) {
            if (text.charAt(at + marker.length() - 1) == marker.charAt(marker.length() - 1)
                    && text.regionMatches(true, at, marker, 0, marker.length())) {
                int line = at;
                while (line > from && "*#_> \t".indexOf(text.charAt(line - 1)) >= 0) {
                    line--;
                }
                if (line == 0 || line == from || text.charAt(line - 1) == '\n') {
                    return new Place(line, at + marker.length(), text.length());
                }
            }
        }
        return new Place(-1, -1, -1);
    }

    private static Place lastLine(String text, int from, String marker) {
        for (int at = text.length() - marker.length(); at >= from; at--) {
            if (text.regionMatches(true, at, marker, 0, marker.length())) {
                int start = at + marker.length();
                if (start < text.length() && text.charAt(start) == ':') {
                    start++;
                }
                int newline = text.indexOf('\n', start);
                return new Place(at, start, newline < 0 ? text.length() : newline);
            }
        }
        return new Place(-1, -1, -1);
    }

    private static Place boxed(String text, int from) {
        int at = text.lastIndexOf(BOXED);
        if (at < from) {
            return new Place(-1, -1, -1);
        }
        int start = at + BOXED.length();
        int depth = 1;
        int end = start;
        while (end < text.length() && depth > 0) {
            char c = text.charAt(end);
            depth += c == '{' ? 1 : c == '}' ? -1 : 0;
            end++;
        }
        return new Place(at, start, depth == 0 ? end - 1 : end);
    }

    /** Takes emphasis, white space and the full stop of the sentence off. */
    private static String bare(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && isMark(text.charAt(start), "*_$`\"")) {
            start++;
        }
        while (end > start && isMark(text.charAt(end - 1), "*_.$`\"")) {
            end--;
        }
        return text.substring(start, end);
    }

    private static boolean isMark(char c, String marks) {
        return Character.isWhitespace(c) || marks.indexOf(c) >= 0;
    }
}
