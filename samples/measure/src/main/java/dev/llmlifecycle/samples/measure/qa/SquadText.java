package dev.llmlifecycle.samples.measure.qa;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Compares answers as SQuAD's evaluation does: lower case, without ASCII punctuation, without the English articles, one
 * space between words (P. Rajpurkar et al., "SQuAD: 100,000+ Questions for Machine Comprehension of Text", 2016).
 */
final class SquadText {

    private static final Pattern PUNCTUATION = Pattern.compile("\\p{Punct}");
    private static final Pattern ARTICLE = Pattern.compile("\\b(?:a|an|the)\\b", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern SPACE = Pattern.compile("\\s+", Pattern.UNICODE_CHARACTER_CLASS);

    private SquadText() {}

    static String normalise(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        String words =
                ARTICLE.matcher(PUNCTUATION.matcher(lower).replaceAll("")).replaceAll(" ");
        return SPACE.matcher(words).replaceAll(" ").strip();
    }

    /**
     * Tells whether a text contains one of the gold answers; a gold answer of which nothing is left counts for none.
     */
    static boolean containsAny(String text, List<String> goldAnswers) {
        String normalised = normalise(text);
        return goldAnswers.stream()
                .map(SquadText::normalise)
                .anyMatch(gold -> !gold.isEmpty() && normalised.contains(gold));
    }
}
