package dev.llmlifecycle.core.validation.business;

import java.util.regex.Pattern;

import dev.llmlifecycle.core.internal.text.CitationMarks;

/**
 * How hard a text is to read.
 *
 * <p>Grade: J. P. Kincaid, R. P. Fishburne, R. L. Rogers and B. S. Chissom, "Derivation of New Readability Formulas for
 * Navy Enlisted Personnel", Research Branch Report 8-75, 1975: {@code 0.39 words/sentences + 11.8 syllables/words -
 * 15.59}. Syllables are groups of vowels less a silent ending, which miscounts some words. LIX: C. H. Björnsson,
 * "Läsbarhet", Liber, 1968: {@code words/sentences + 100 long/words}, a long word having more than six letters.
 *
 * @param words how many words, numbers and signs left out
 * @param sentences how many sentences have a word
 * @param syllables how many syllables of English the words have
 * @param longWords how many words have more than six letters
 */
record Readability(int words, int sentences, int syllables, int longWords) {

    private static final int LONG = 6;
    private static final Pattern ADDRESS = Pattern.compile("(?:https?://|www\\.)\\S++");

    static Readability of(String text) {
        ReadText bare = new ReadText(ADDRESS.matcher(CitationMarks.remove(text)).replaceAll(" "));
        int words = 0;
        int sentences = 0;
        int syllables = 0;
        int longWords = 0;
        for (ReadText.Sentence sentence : bare.sentences()) {
            int before = words;
            for (Token token : sentence.tokens()) {
                if (!token.text().isEmpty() && Character.isLetter(token.text().codePointAt(0))) {
                    words++;
                    syllables += syllables(token.text());
                    longWords += token.text().codePointCount(0, token.text().length()) > LONG ? 1 : 0;
                }
            }
            sentences += words > before ? 1 : 0;
        }
        return new Readability(words, sentences, syllables, longWords);
    }

    /** Returns the Flesch-Kincaid grade: the years of American school that a reader needs. */
    double grade() {
        return words == 0 ? 0 : 0.39 * words / sentences + 11.8 * syllables / words - 15.59;
    }

    /** Returns LIX: about 25 for children's books, 40 for newspapers, 60 for laws. */
    double lix() {
        return words == 0 ? 0 : (double) words / sentences + 100.0 * longWords / words;
    }

    static int syllables(String word) {
        int groups = 0;
        boolean inGroup = false;
        for (int i = 0; i < word.length(); i++) {
            boolean vowel = isVowel(word.charAt(i));
            groups += vowel && !inGroup ? 1 : 0;
            inGroup = vowel;
        }
        boolean consonantLe = word.endsWith("le") && word.length() > 2 && !isVowel(word.charAt(word.length() - 3));
        boolean silent =
                (word.endsWith("e") && !consonantLe && word.length() > 2 && !isVowel(word.charAt(word.length() - 2)))
                        || (word.endsWith("ed")
                                && word.length() > 3
                                && "tdaeiouy".indexOf(word.charAt(word.length() - 3)) < 0)
                        || (word.endsWith("es")
                                && word.length() > 3
                                && "sxzhcgaeiouy".indexOf(word.charAt(word.length() - 3)) < 0);
        return Math.max(1, silent ? groups - 1 : groups);
    }

    private static boolean isVowel(char c) {
        return "aeiouyàáâäåæèéêëìíîïòóôöøùúûü".indexOf(c) >= 0;
    }
}
