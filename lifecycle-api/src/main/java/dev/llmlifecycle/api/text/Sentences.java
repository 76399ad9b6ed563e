package dev.llmlifecycle.api.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Splits plain text or Markdown into sentences, by offsets into the text.
 *
 * <p>Blocks come first: a blank line, a list item, a quotation, a heading, a table row or a fence of code ends what
 * stood before it; a heading, a row and a piece of fenced code are one sentence each. Inside other blocks a sentence
 * ends at a full stop, question mark, exclamation mark or ellipsis (also those of other scripts), together with the
 * quotes, brackets, emphasis and citations such as {@code [1]} that follow it. A stop inside a number, an address or an
 * ellipsis, after a list number, an initial or a common English abbreviation, or before a word in lower case, ends
 * nothing. Every character that is not white space belongs to exactly one sentence.
 *
 * <p>Thread-safe.
 *
 * @since 0.1
 */
public final class Sentences {

    private static final Pattern LINE = Pattern.compile("(.*?)(\\R|\\z)", Pattern.DOTALL);
    private static final Pattern FENCE = Pattern.compile("\\s*(?:```|~~~).*", Pattern.DOTALL);
    private static final Pattern WHOLE_LINE = Pattern.compile("[ \\t]*(?:#{1,6}[ \\t]|\\|).*", Pattern.DOTALL);
    private static final Pattern RULE = Pattern.compile("[ \\t]*(?:={3,}|-{3,}|\\*{3,}|_{3,})\\s*");
    private static final Pattern QUOTATION = Pattern.compile("[ \\t]*>.*", Pattern.DOTALL);
    private static final Pattern LIST_ITEM = Pattern.compile("[ \\t]*(?:[-*+•]|\\d{1,3}[.)])[ \\t].*", Pattern.DOTALL);

    private static final Pattern CITATION =
            Pattern.compile("[\\s\\p{Z}]{0,3}\\[\\^?\\d{1,3}(?:[,;–-][ ]?\\d{1,3}){0,20}](?!\\()");
    private static final Pattern MARKER = Pattern.compile("(?:\\d{1,3}|\\p{L})");

    private static final String STOPS = ".!?…؟۔।።։។";
    private static final String STOPS_WITHOUT_SPACE = "。！？｡";
    private static final String CLOSERS = "\"'”’»›)]}*_`~」』）】》";
    private static final String OPENERS = "\"'“‘„«‹([{*_`~>「『（【《¿¡-";

    /** These end no sentence, whatever follows. */
    private static final Set<String> ABBREVIATIONS =
            Set.of("approx", "ca", "cf", "e.g", "esp", "i.e", "incl", "u.k", "u.s", "viz", "vs");

    /** These end no sentence where they are written with a capital. */
    private static final Set<String> TITLES = Set.of(
            "Capt", "Co", "Corp", "Dept", "Dr", "Gen", "Inc", "Jr", "Ltd", "Mr", "Mrs", "Ms", "Prof", "Rev", "Sr",
            "St");

    /** These end no sentence before a number. */
    private static final Set<String> BEFORE_NUMBERS = Set.of(
            "art", "ch", "est", "ext", "fig", "figs", "max", "min", "no", "nos", "nr", "p", "pp", "sec", "tel", "vol");

    private Sentences() {}

    /**
     * Splits a text.
     *
     * @param text the text, possibly empty
     * @return the sentences in order, without surrounding white space and never empty
     */
    public static List<TextSpan> split(String text) {
        List<TextSpan> sentences = new ArrayList<>();
        int start = 0;
        boolean quotation = false;
        boolean fenced = false;
        Matcher lines = LINE.matcher(text);
        for (int at = 0; at < text.length() && lines.find(at); at = lines.end()) {
            String line = lines.group(1);
            boolean fence = FENCE.matcher(line).matches();
            if (fenced) {
                if (fence) {
                    addTrimmed(text, start, lines.end(), sentences);
                    start = lines.end();
                    fenced = false;
                }
                continue;
            }
            boolean rule = RULE.matcher(line).matches();
            boolean wholeLine = WHOLE_LINE.matcher(line).matches();
            boolean quoted = QUOTATION.matcher(line).matches();
            if (rule) {
                // The underline of a heading, or a line across.
                splitBlock(text, start, lines.end(), sentences);
                start = lines.end();
            } else if (fence
                    || wholeLine
                    || line.isBlank()
                    || (quoted && !quotation)
                    || LIST_ITEM.matcher(line).matches()) {
                splitBlock(text, start, at, sentences);
                start = at;
            }
            if (wholeLine) {
                addTrimmed(text, start, lines.end(), sentences);
                start = lines.end();
            }
            fenced = fence;
            quotation = quoted || (quotation && !line.isBlank());
        }
        if (fenced) {
            addTrimmed(text, start, text.length(), sentences);
        } else {
            splitBlock(text, start, text.length(), sentences);
        }
        return List.copyOf(sentences);
    }

    private static void splitBlock(String text, int blockStart, int blockEnd, List<TextSpan> sentences) {
        int start = blockStart;
        int at = blockStart;
        while (at < blockEnd) {
            if (!isStop(text.charAt(at))) {
                at++;
                continue;
            }
            int stop = at;
            int end = endOfStop(text, stop, blockEnd);
            if (endsSentence(text, start, stop, end, blockEnd)) {
                addTrimmed(text, start, end, sentences);
                start = end;
            }
            at = end;
        }
        addTrimmed(text, start, blockEnd, sentences);
    }

    /** Returns the index after the stops, closing quotes and brackets, emphasis and citations that stand together. */
    private static int endOfStop(String text, int stop, int blockEnd) {
        int end = stop;
        Matcher citation = CITATION.matcher(text);
        boolean longer = true;
        while (longer) {
            while (end < blockEnd && (isStop(text.charAt(end)) || CLOSERS.indexOf(text.charAt(end)) >= 0)) {
                end++;
            }
            longer = citation.region(end, blockEnd).lookingAt();
            if (longer) {
                end = citation.end();
            }
        }
        return end;
    }

    private static boolean endsSentence(String text, int start, int stop, int end, int blockEnd) {
        if (end == blockEnd || STOPS_WITHOUT_SPACE.indexOf(text.charAt(stop)) >= 0) {
            return true;
        }
        if (!isSpace(text.charAt(end))) {
            return false;
        }
        int next = end;
        while (next < blockEnd && (isSpace(text.charAt(next)) || OPENERS.indexOf(text.charAt(next)) >= 0)) {
            next++;
        }
        if (next == blockEnd) {
            return true;
        }
        boolean fullStop = text.charAt(stop) == '.' || text.charAt(stop) == '…';
        boolean bare = isStop(text.charAt(end - 1));
        if (Character.isLowerCase(text.codePointAt(next)) && (fullStop || !bare)) {
            return false;
        }
        return !(text.charAt(stop) == '.'
                && end == stop + 1
                && isAbbreviation(text, start, stop, Character.isDigit(text.codePointAt(next))));
    }

    private static boolean isAbbreviation(String text, int start, int stop, boolean beforeNumber) {
        int wordStart = stop;
        while (wordStart > start && !isSpace(text.charAt(wordStart - 1))) {
            wordStart--;
        }
        while (wordStart < stop && OPENERS.indexOf(text.charAt(wordStart)) >= 0) {
            wordStart++;
        }
        int before = wordStart;
        while (before > start && (isSpace(text.charAt(before - 1)) || OPENERS.indexOf(text.charAt(before - 1)) >= 0)) {
            before--;
        }
        String word = text.substring(wordStart, stop);
        if (MARKER.matcher(word).matches() && (before == start || isInitial(text, start, before, word))) {
            return true;
        }
        String lowerCase = word.toLowerCase(Locale.ROOT);
        return ABBREVIATIONS.contains(lowerCase)
                || TITLES.contains(word)
                || (beforeNumber && BEFORE_NUMBERS.contains(lowerCase));
    }

    /** Tells whether a letter stands for a name: after a word with a capital, or in lower case. */
    private static boolean isInitial(String text, int start, int wordBefore, String letter) {
        int wordStart = wordBefore;
        while (wordStart > start && !isSpace(text.charAt(wordStart - 1))) {
            wordStart--;
        }
        return Character.isLowerCase(letter.codePointAt(0))
                || (Character.isUpperCase(letter.codePointAt(0)) && Character.isUpperCase(text.codePointAt(wordStart)));
    }

    private static boolean isStop(char c) {
        return STOPS.indexOf(c) >= 0 || STOPS_WITHOUT_SPACE.indexOf(c) >= 0;
    }

    private static boolean isSpace(char c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c);
    }

    private static void addTrimmed(String text, int start, int end, List<TextSpan> sentences) {
        int from = start;
        int to = end;
        while (from < to && isSpace(text.charAt(from))) {
            from++;
        }
        while (to > from && isSpace(text.charAt(to - 1))) {
            to--;
        }
        if (from < to) {
            sentences.add(new TextSpan(from, to));
        }
    }
}
