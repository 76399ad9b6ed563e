package dev.llmlifecycle.retrieval.hybrid;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Takes a compound question apart by its marks and by "and" before a word that begins a question. */
final class Decomposition {

    private static final int MOST_PARTS = 8;
    private static final int LEAST_WORDS = 3;

    /** A longer text is no compound question. */
    private static final int MOST_CHARACTERS = 2_000;

    private static final Set<String> AND = Set.of("and", "und", "y", "et");

    private static final Set<String> BEGIN = Set.of(
            "who",
            "whom",
            "whose",
            "what",
            "when",
            "where",
            "why",
            "which",
            "how",
            "is",
            "are",
            "was",
            "were",
            "do",
            "does",
            "did",
            "can",
            "could",
            "should",
            "will",
            "would",
            "has",
            "have",
            "may",
            "must",
            "wer",
            "wen",
            "wem",
            "wann",
            "wo",
            "warum",
            "wieso",
            "welche",
            "welcher",
            "welches",
            "wie",
            "ist",
            "sind",
            "kann",
            "können",
            "muss",
            "quién",
            "qué",
            "cuándo",
            "dónde",
            "cuál",
            "cuáles",
            "cómo",
            "cuánto",
            "cuántos",
            "qui",
            "quand",
            "où",
            "pourquoi",
            "quel",
            "quelle",
            "quels",
            "comment",
            "combien");

    private Decomposition() {}

    /** Returns the parts, or nothing where the question is a single one. */
    static List<String> parts(String question) {
        if (question.length() > MOST_CHARACTERS) {
            return List.of();
        }
        List<String> parts = new ArrayList<>();
        int start = 0;
        for (int i = 0; i <= question.length(); i++) {
            if (i == question.length() || "?？؟".indexOf(question.charAt(i)) >= 0) {
                addSplit(question.substring(start, Math.min(question.length(), i + 1)), parts);
                start = i + 1;
            }
        }
        return parts.size() < 2 || parts.size() > MOST_PARTS ? List.of() : List.copyOf(parts);
    }

    private static void addSplit(String sentence, List<String> parts) {
        List<String> words = words(sentence);
        int start = 0;
        for (int i = 1; i + 1 < words.size(); i++) {
            boolean joins = AND.contains(bare(words.get(i)))
                    && BEGIN.contains(bare(words.get(i + 1)))
                    && i - start >= LEAST_WORDS
                    && words.size() - (i + 1) >= LEAST_WORDS;
            if (joins) {
                parts.add(question(words.subList(start, i)));
                start = i + 1;
            }
        }
        List<String> rest = words.subList(start, words.size());
        if (!rest.isEmpty() && (start > 0 || sentence.strip().length() > 1)) {
            parts.add(String.join(" ", rest));
        }
    }

    private static String question(List<String> words) {
        String text = String.join(" ", words);
        return (text.endsWith(",") ? text.substring(0, text.length() - 1) : text) + "?";
    }

    private static List<String> words(String sentence) {
        List<String> words = new ArrayList<>();
        int start = -1;
        for (int i = 0; i <= sentence.length(); i++) {
            boolean space = i == sentence.length() || Character.isWhitespace(sentence.charAt(i));
            if (space && start >= 0) {
                words.add(sentence.substring(start, i));
                start = -1;
            } else if (!space && start < 0) {
                start = i;
            }
        }
        return words;
    }

    private static String bare(String word) {
        String lower = word.toLowerCase(Locale.ROOT);
        int start = 0;
        int end = lower.length();
        while (start < end && !Character.isLetter(lower.charAt(start))) {
            start++;
        }
        while (end > start && !Character.isLetter(lower.charAt(end - 1))) {
            end--;
        }
        return lower.substring(start, end);
    }
}
