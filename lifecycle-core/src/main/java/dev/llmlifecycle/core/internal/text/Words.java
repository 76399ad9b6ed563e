package dev.llmlifecycle.core.internal.text;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Splits text into comparable words: lower case, compatibility characters unified, inflections cut off lightly. A
 * single ideograph is a word, as nothing divides Chinese text.
 *
 * <p>The light stemmer only undoes regular English plurals and verb endings; it is meant for overlap between a
 * question, an answer and a passage, not for search in general. Thread-safe.
 */
public final class Words {

    private static final Pattern WORD =
            Pattern.compile("\\p{IsIdeographic}|[\\p{L}&&[^\\p{IsIdeographic}]][[\\p{L}\\p{M}]&&[^\\p{IsIdeographic}]]*"
                    + "(?:['’]\\p{L}+)?|\\p{N}++(?:[.,:]\\p{N}++)*+");
    private static final int LONGEST_WORD = 200;
    private static final int SHORTEST_STEM = 3;
    private static final Set<String> STOP_WORDS = Set.of(
            "a", "about", "after", "all", "also", "am", "an", "and", "any", "are", "as", "at", "be", "because", "been",
            "before", "being", "but", "by", "can", "could", "did", "do", "does", "doing", "during", "each", "for",
            "from", "get", "had", "has", "have", "having", "he", "her", "here", "hers", "him", "his", "how", "i", "if",
            "in", "into", "is", "it", "its", "just", "may", "me", "might", "more", "most", "much", "must", "my", "of",
            "off", "on", "once", "only", "or", "other", "our", "ours", "out", "over", "own", "please", "same", "she",
            "should", "so", "some", "such", "than", "that", "the", "their", "theirs", "them", "then", "there", "these",
            "they", "this", "those", "through", "to", "too", "under", "until", "up", "us", "very", "was", "we", "were",
            "what", "when", "where", "which", "while", "who", "whom", "whose", "why", "will", "with", "would", "you",
            "your", "yours");

    private Words() {}

    /**
     * Returns all words in order, stemmed.
     *
     * @param text any text
     * @return the words; numbers are kept as they are written
     */
    public static List<String> all(String text) {
        return words(text, false);
    }

    /**
     * Returns the words that carry content, stemmed.
     *
     * @param text any text
     * @return the words without stop words, in order
     */
    public static List<String> content(String text) {
        return words(text, true);
    }

    /**
     * Tells whether a word is a number.
     *
     * @param word a word as {@link #all} returns it
     * @return true when it starts with a digit
     */
    public static boolean isNumber(String word) {
        return !word.isEmpty() && Character.isDigit(word.codePointAt(0));
    }

    /**
     * Returns all words in order with how and where they are written. Words of more than 200 characters are left out,
     * as they are by {@link #all}.
     *
     * @param text any text
     * @return the words
     */
    public static List<Token> tokens(String text) {
        List<Token> tokens = new ArrayList<>();
        Matcher matcher = WORD.matcher(text);
        while (matcher.find()) {
            if (matcher.end() - matcher.start() <= LONGEST_WORD) {
                // Word by word: putting very many combining characters in order takes the square of their number.
                String written = Normalizer.normalize(matcher.group(), Normalizer.Form.NFKC)
                        .toLowerCase(Locale.ROOT);
                boolean number = isNumber(written);
                String bare = number ? written : withoutSuffix(written);
                tokens.add(new Token(
                        written,
                        number ? written : stem(bare),
                        number || !STOP_WORDS.contains(bare),
                        matcher.start(),
                        matcher.end()));
            }
        }
        return tokens;
    }

    private static List<String> words(String text, boolean contentOnly) {
        List<String> words = new ArrayList<>();
        for (Token token : tokens(text)) {
            if (!contentOnly || token.content()) {
                words.add(token.word());
            }
        }
        return words;
    }

    /**
     * A word in its place.
     *
     * @param written the word in lower case, with what follows an apostrophe
     * @param word the word as {@link #all} returns it
     * @param content whether {@link #content} has it too
     * @param start where it begins in the text
     * @param end where it ends, exclusive
     */
    public record Token(String written, String word, boolean content, int start, int end) {}

    /** Cuts off what follows an apostrophe: of "it's" and "Anna's" stay "it" and "Anna". */
    private static String withoutSuffix(String word) {
        int apostrophe = Math.max(word.indexOf('\''), word.indexOf('’'));
        return apostrophe > 0 ? word.substring(0, apostrophe) : word;
    }

    private static String stem(String word) {
        String stem = word;
        if (stem.endsWith("ies") && stem.length() > SHORTEST_STEM + 1) {
            stem = stem.substring(0, stem.length() - 3) + "y";
        } else if (stem.endsWith("es") && stem.length() > SHORTEST_STEM + 2 && endsSibilant(stem, stem.length() - 2)) {
            stem = stem.substring(0, stem.length() - 2);
        } else if (stem.endsWith("s")
                && !stem.endsWith("ss")
                && !stem.endsWith("us")
                && stem.length() > SHORTEST_STEM) {
            stem = stem.substring(0, stem.length() - 1);
        }
        if (stem.endsWith("ing") && stem.length() > SHORTEST_STEM + 3) {
            return undouble(stem.substring(0, stem.length() - 3));
        }
        if (stem.endsWith("ed") && stem.length() > SHORTEST_STEM + 2) {
            return undouble(stem.substring(0, stem.length() - 2));
        }
        return stem.endsWith("e") && stem.length() > SHORTEST_STEM + 1 ? stem.substring(0, stem.length() - 1) : stem;
    }

    private static boolean endsSibilant(String word, int end) {
        char last = word.charAt(end - 1);
        return last == 's' || last == 'x' || last == 'z' || last == 'h';
    }

    /** Undoes the doubled consonant of "stopped"; what is left of "charging" and "charge" is "charg". */
    private static String undouble(String stem) {
        int end = stem.length() - 1;
        char last = stem.charAt(end);
        boolean doubled = end > 1 && last == stem.charAt(end - 1) && "bdgmnprt".indexOf(last) >= 0;
        return doubled ? stem.substring(0, end) : stem;
    }
}
