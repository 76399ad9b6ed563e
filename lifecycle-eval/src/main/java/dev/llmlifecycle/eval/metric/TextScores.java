package dev.llmlifecycle.eval.metric;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.regex.Pattern;

/**
 * Scores of how much a text is like another, for use as {@link TextScore}, such as {@code TextScores::rougeL}.
 *
 * <p>Thread-safe. {@link Bleu} is apart, as it scores a whole corpus.
 *
 * @since 0.1
 */
public final class TextScores {

    private static final Pattern NO_WORD = Pattern.compile("[^\\p{L}\\p{N}]+");
    private static final Pattern WHITE_SPACE = Pattern.compile("\\s+", Pattern.UNICODE_CHARACTER_CLASS);
    private static final int CHRF_ORDER = 6;
    private static final double CHRF_RECALL = 4; // β² for β = 2

    private TextScores() {}

    /**
     * Returns the F1 of SQuAD: {@code 2PR/(P + R)} over the tokens, counted with their multiplicity, that both texts
     * have after {@link AnswerNormalizer} (P. Rajpurkar and others, EMNLP 2016). Two texts without a token are alike,
     * one is not like another.
     *
     * @param expected what would be right
     * @param actual what came back
     * @return in [0, 1]
     */
    public static double tokenF1(String expected, String actual) {
        List<String> wanted = AnswerNormalizer.tokens(expected);
        List<String> given = AnswerNormalizer.tokens(actual);
        if (wanted.isEmpty() || given.isEmpty()) {
            return wanted.isEmpty() && given.isEmpty() ? 1 : 0;
        }
        return f1(overlap(counts(wanted, 1), counts(given, 1)), wanted.size(), given.size());
    }

    /**
     * Returns ROUGE-1: the F1 of single words, lower case, without punctuation and without stemming (C.-Y. Lin, "ROUGE:
     * A Package for Automatic Evaluation of Summaries", 2004).
     *
     * @param expected what would be right
     * @param actual what came back
     * @return in [0, 1]
     */
    public static double rouge1(String expected, String actual) {
        return rouge(expected, actual, 1);
    }

    /**
     * Returns ROUGE-2: as {@link #rouge1} over pairs of words that follow one another.
     *
     * @param expected what would be right
     * @param actual what came back
     * @return in [0, 1]
     */
    public static double rouge2(String expected, String actual) {
        return rouge(expected, actual, 2);
    }

    /**
     * Returns ROUGE-L: the F1 of the longest common subsequence of words, each text taken as one sentence (Lin 2004).
     *
     * @param expected what would be right
     * @param actual what came back
     * @return in [0, 1]
     */
    public static double rougeL(String expected, String actual) {
        List<String> wanted = words(expected);
        List<String> given = words(actual);
        int[] lengths = new int[given.size() + 1];
        for (String word : wanted) {
            int diagonal = 0;
            for (int j = 1; j <= given.size(); j++) {
                int above = lengths[j];
                lengths[j] = word.equals(given.get(j - 1)) ? diagonal + 1 : Math.max(above, lengths[j - 1]);
                diagonal = above;
            }
        }
        return f1(lengths[given.size()], wanted.size(), given.size());
    }

    /**
     * Returns chrF with β = 2: {@code 5PR/(4P + R)}, with precision and recall of character n-grams averaged over n
     * from 1 to 6 as far as both texts have any, white space left out (M. Popović, "chrF: character n-gram F-score for
     * automatic MT evaluation", WMT 2015).
     *
     * @param expected what would be right
     * @param actual what came back
     * @return in [0, 1]
     */
    public static double chrF(String expected, String actual) {
        List<String> wanted = characters(expected);
        List<String> given = characters(actual);
        double precision = 0;
        double recall = 0;
        int orders = 0;
        for (int n = 1; n <= CHRF_ORDER; n++) {
            int ofWanted = wanted.size() - n + 1;
            int ofGiven = given.size() - n + 1;
            if (ofWanted > 0 && ofGiven > 0) {
                double common = overlap(counts(wanted, n), counts(given, n));
                precision += common / ofGiven;
                recall += common / ofWanted;
                orders++;
            }
        }
        if (orders == 0 || precision + recall == 0) {
            return wanted.isEmpty() && given.isEmpty() ? 1 : 0;
        }
        return (1 + CHRF_RECALL) * precision * recall / (CHRF_RECALL * precision + recall) / orders;
    }

    /**
     * Returns the similarity by edits: one minus {@link #levenshteinDistance} by the length of the longer text.
     *
     * @param expected what would be right
     * @param actual what came back
     * @return in [0, 1]
     */
    public static double levenshtein(String expected, String actual) {
        int longer = Math.max(expected.codePointCount(0, expected.length()), actual.codePointCount(0, actual.length()));
        return longer == 0 ? 1 : 1 - levenshteinDistance(expected, actual) / (double) longer;
    }

    /**
     * Returns how many characters must be inserted, deleted or replaced to make one text of the other (V. I.
     * Levenshtein, "Binary codes capable of correcting deletions, insertions, and reversals", Soviet Physics Doklady
     * 10, 1966). Characters are Unicode code points.
     *
     * @param first a text
     * @param second another
     * @return at least 0
     */
    public static int levenshteinDistance(String first, String second) {
        int[] a = first.codePoints().toArray();
        int[] b = second.codePoints().toArray();
        int[] row = new int[b.length + 1];
        for (int j = 0; j <= b.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length; i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length; j++) {
                int above = row[j];
                int replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                row[j] = Math.min(replaced, 1 + Math.min(above, row[j - 1]));
                diagonal = above;
            }
        }
        return row[b.length];
    }

    /** Returns how often each run of n parts stands in a list. */
    static Map<List<String>, Integer> counts(List<String> parts, int n) {
        Map<List<String>, Integer> counts = new HashMap<>();
        for (int i = 0; i + n <= parts.size(); i++) {
            counts.merge(List.copyOf(parts.subList(i, i + n)), 1, Integer::sum);
        }
        return counts;
    }

    /** Returns how many runs two lists have in common. */
    static int overlap(Map<List<String>, Integer> first, Map<List<String>, Integer> second) {
        int common = 0;
        for (Map.Entry<List<String>, Integer> entry : first.entrySet()) {
            common += Math.min(entry.getValue(), second.getOrDefault(entry.getKey(), 0));
        }
        return common;
    }

    private static double rouge(String expected, String actual, int n) {
        List<String> wanted = words(expected);
        List<String> given = words(actual);
        return f1(overlap(counts(wanted, n), counts(given, n)), wanted.size() - n + 1, given.size() - n + 1);
    }

    private static double f1(double common, int wanted, int given) {
        return common == 0 ? 0 : 2 * common / (wanted + given);
    }

    private static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        NO_WORD.splitAsStream(text.toLowerCase(Locale.ROOT))
                .filter(word -> !word.isEmpty())
                .forEach(words::add);
        return words;
    }

    private static List<String> characters(String text) {
        IntFunction<String> one = Character::toString;
        return WHITE_SPACE
                .matcher(text)
                .replaceAll("")
                .codePoints()
                .mapToObj(one)
                .toList();
    }
}
