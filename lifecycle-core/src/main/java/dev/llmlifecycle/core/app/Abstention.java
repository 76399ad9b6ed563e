package dev.llmlifecycle.core.app;

import java.util.Locale;
import java.util.Map;

import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.core.internal.text.CitationMarks;

/** The words by which a model says that the documents do not answer. */
record Abstention(String phrase) {

    Identity identity() {
        return Identity.of("abstention", "1", Map.of("phrase", phrase));
    }

    /** Tells whether a text says just that; case, citations and the full stop do not matter. */
    boolean matches(String text) {
        return normalised(text).equals(normalised(phrase));
    }

    /** Tells whether a text could still become just that when more comes. */
    boolean mayStartWith(String text) {
        return lower(phrase.strip()).startsWith(lower(text.stripLeading()));
    }

    private static String normalised(String text) {
        String plain = CitationMarks.remove(text).strip();
        int end = plain.length();
        while (end > 0 && isEnding(plain.charAt(end - 1))) {
            end--;
        }
        return lower(plain.substring(0, end));
    }

    private static boolean isEnding(char c) {
        return c == '.' || c == '!' || Character.isWhitespace(c);
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
