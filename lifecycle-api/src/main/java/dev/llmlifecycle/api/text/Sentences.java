package dev.llmlifecycle.api.text;

import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Splits plain text or Markdown into sentences, by offsets into the text.
 *
 * <p>Blocks come first: a blank line, a list item, a heading or a table row ends what stood before it. Inside a block
 * the JDK's sentence rules ({@link BreakIterator}) decide, and common English abbreviations do not end a sentence.
 *
 * <p>Thread-safe.
 *
 * @since 0.1
 */
public final class Sentences {

    private static final Pattern BLOCK_START =
            Pattern.compile("\\R(?=[ \\t]*(?:\\R|[-*+•][ \\t]|\\d{1,3}[.)][ \\t]|#{1,6}[ \\t]|\\||>))");
    private static final Pattern SINGLE_LINE_BLOCK = Pattern.compile("^[ \\t]*(?:#{1,6}[ \\t]|\\|)");
    private static final Set<String> ABBREVIATIONS = Set.of(
            "approx", "art", "ca", "cf", "co", "corp", "dept", "dr", "e.g", "esp", "est", "etc", "fig", "gen", "i.e",
            "inc", "jr", "ltd", "max", "min", "mr", "mrs", "ms", "p.a", "pp", "prof", "rev", "sec", "sr", "st", "tel",
            "u.k", "u.s", "vol", "vs");

    private Sentences() {}

    /**
     * Splits a text.
     *
     * @param text the text, possibly empty
     * @return the sentences in order, without surrounding white space and never empty
     */
    public static List<TextSpan> split(String text) {
        List<TextSpan> sentences = new ArrayList<>();
        BreakIterator breaks = BreakIterator.getSentenceInstance(Locale.ROOT);
        for (TextSpan block : blocks(text)) {
            splitBlock(text, block, breaks, sentences);
        }
        return List.copyOf(sentences);
    }

    private static List<TextSpan> blocks(String text) {
        List<TextSpan> blocks = new ArrayList<>();
        int start = 0;
        Matcher matcher = BLOCK_START.matcher(text);
        while (matcher.find()) {
            addBlock(text, start, matcher.start(), blocks);
            start = matcher.end();
        }
        addBlock(text, start, text.length(), blocks);
        return blocks;
    }

    private static void addBlock(String text, int start, int end, List<TextSpan> blocks) {
        String block = text.substring(start, end);
        int lineEnd = block.indexOf('\n');
        if (lineEnd >= 0 && SINGLE_LINE_BLOCK.matcher(block).find()) {
            blocks.add(new TextSpan(start, start + lineEnd));
            addBlock(text, start + lineEnd + 1, end, blocks);
        } else {
            blocks.add(new TextSpan(start, end));
        }
    }

    private static void splitBlock(String text, TextSpan block, BreakIterator breaks, List<TextSpan> sentences) {
        // A line break inside a paragraph is a space to the rules; same length, so offsets stay true.
        String content = block.of(text).replace('\n', ' ').replace('\r', ' ');
        breaks.setText(content);
        int start = breaks.first();
        for (int end = breaks.next(); end != BreakIterator.DONE; end = breaks.next()) {
            if (end < content.length() && endsInAbbreviation(content.substring(start, end))) {
                continue;
            }
            addTrimmed(text, block.start() + start, block.start() + end, sentences);
            start = end;
        }
    }

    private static boolean endsInAbbreviation(String sentence) {
        String trimmed = sentence.stripTrailing();
        if (!trimmed.endsWith(".")) {
            return false;
        }
        int wordStart = trimmed.length() - 1;
        while (wordStart > 0 && !Character.isWhitespace(trimmed.charAt(wordStart - 1))) {
            wordStart--;
        }
        String word = trimmed.substring(wordStart, trimmed.length() - 1).toLowerCase(Locale.ROOT);
        boolean initial = word.length() == 1 && Character.isLetter(word.charAt(0));
        return initial || ABBREVIATIONS.contains(word);
    }

    private static void addTrimmed(String text, int start, int end, List<TextSpan> sentences) {
        int from = start;
        int to = end;
        while (from < to && Character.isWhitespace(text.charAt(from))) {
            from++;
        }
        while (to > from && Character.isWhitespace(text.charAt(to - 1))) {
            to--;
        }
        if (from < to) {
            sentences.add(new TextSpan(from, to));
        }
    }
}
