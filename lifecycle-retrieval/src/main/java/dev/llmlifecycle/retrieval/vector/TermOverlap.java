package dev.llmlifecycle.retrieval.vector;

import java.text.Normalizer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Says which share of a question's words a text has, rare words counting more.
 *
 * <p>A word weighs its inverse document frequency as in BM25, {@code ln(1 + (n - df + 0.5) / (df + 0.5))}; how often a
 * text has it does not matter. Words are runs of letters and digits in lower case, and single ideographs.
 */
final class TermOverlap {

    private static final Pattern WORD =
            Pattern.compile("[\\p{IsIdeographic}]|[[\\p{L}\\p{M}\\p{N}]&&[^\\p{IsIdeographic}]]+");

    private final Map<String, Postings> postings = new HashMap<>();
    private final int size;

    TermOverlap(List<String> texts) {
        this.size = texts.size();
        for (int i = 0; i < size; i++) {
            for (String word : words(texts.get(i))) {
                postings.computeIfAbsent(word, any -> new Postings()).add(i);
            }
        }
        postings.values().forEach(Postings::trim);
    }

    /** Returns for each text the share of the question's weight, from 0 to 1. */
    float[] shares(String question) {
        float[] shares = new float[size];
        double total = 0;
        for (String word : words(question)) {
            Postings found = postings.get(word);
            double weight = weight(found == null ? 0 : found.count);
            total += weight;
            for (int i = 0; found != null && i < found.count; i++) {
                shares[found.texts[i]] += (float) weight;
            }
        }
        for (int i = 0; total > 0 && i < size; i++) {
            shares[i] = (float) (shares[i] / total);
        }
        return shares;
    }

    private double weight(int documentFrequency) {
        return Math.log(1 + (size - documentFrequency + 0.5) / (documentFrequency + 0.5));
    }

    private static Set<String> words(String text) {
        Set<String> words = new LinkedHashSet<>();
        Matcher matcher =
                WORD.matcher(Normalizer.normalize(text, Normalizer.Form.NFC).toLowerCase(Locale.ROOT));
        while (matcher.find()) {
            words.add(matcher.group());
        }
        return words;
    }

    /** The texts that have a word, in rising order. */
    private static final class Postings {

        private int[] texts = new int[2];
        private int count;

        void add(int text) {
            if (count == texts.length) {
                texts = Arrays.copyOf(texts, 2 * count);
            }
            texts[count++] = text;
        }

        void trim() {
            texts = Arrays.copyOf(texts, count);
        }
    }
}
