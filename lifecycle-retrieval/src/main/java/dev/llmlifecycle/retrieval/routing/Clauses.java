package dev.llmlifecycle.retrieval.routing;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import dev.llmlifecycle.api.text.Sentences;
import dev.llmlifecycle.api.text.TextSpan;

/**
 * Splits a question into what may be asked for separately: sentences, and what stands on both sides of a conjunction.
 */
final class Clauses {

    private static final Set<String> CONJUNCTIONS =
            Set.of("and", "also", "then", "plus", "und", "et", "y", "e", "en", "och", "og");
    private static final int LEAST_WORDS = 2;

    private Clauses() {}

    /** Returns the parts, at most so many, or nothing when the text has fewer than two. */
    static List<String> split(String text, int most) {
        List<String> parts = new ArrayList<>();
        for (TextSpan sentence : Sentences.split(text)) {
            for (String clause : clauses(text.substring(sentence.start(), sentence.end()))) {
                if (Texts.words(clause).size() >= LEAST_WORDS) {
                    parts.add(clause);
                }
                if (parts.size() == most) {
                    return List.copyOf(parts);
                }
            }
        }
        return parts.size() < 2 ? List.of() : List.copyOf(parts);
    }

    private static List<String> clauses(String sentence) {
        List<String> clauses = new ArrayList<>();
        int start = 0;
        int at = 0;
        while (at < sentence.length()) {
            char c = sentence.charAt(at);
            if (c == ';') {
                add(sentence, start, at, clauses);
                start = at + 1;
                at++;
            } else if (Character.isLetter(c) && (at == 0 || !Character.isLetterOrDigit(sentence.charAt(at - 1)))) {
                int end = at;
                while (end < sentence.length() && Character.isLetter(sentence.charAt(end))) {
                    end++;
                }
                // A longer word is no conjunction, and is not copied.
                if (end - at <= 4 && at > start && CONJUNCTIONS.contains(sentence.substring(at, end))) {
                    add(sentence, start, at, clauses);
                    start = end;
                }
                at = end;
            } else {
                at++;
            }
        }
        add(sentence, start, sentence.length(), clauses);
        return clauses;
    }

    private static void add(String sentence, int start, int end, List<String> clauses) {
        String clause = sentence.substring(start, end).strip();
        if (!clause.isEmpty()) {
            clauses.add(clause);
        }
    }
}
