package dev.llmlifecycle.retrieval.routing;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What is done to texts before they are compared, all in linear time. */
final class Texts {

    private Texts() {}

    /** Leaves out what does not make another phrase: capitals, white space, compatibility forms, end punctuation. */
    static String normalise(String text) {
        String folded = Normalizer.normalize(text, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
        StringBuilder out = new StringBuilder(folded.length());
        folded.codePoints().forEach(character -> {
            if (!Character.isWhitespace(character) && !Character.isSpaceChar(character)) {
                out.appendCodePoint(character);
            } else if (out.length() > 0 && out.charAt(out.length() - 1) != ' ') {
                out.append(' ');
            }
        });
        int end = out.length();
        while (end > 0 && " .!?。！？؟".indexOf(out.charAt(end - 1)) >= 0) {
            end--;
        }
        return end == 0 ? out.toString().strip() : out.substring(0, end);
    }

    /** Tells whether there is nothing to embed: white space and control characters alone. */
    static boolean isEmpty(String text) {
        return text.isBlank() || text.trim().isEmpty();
    }

    /** Cuts a text to a number of characters, and no character in two. */
    static String bounded(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most;
        return text.substring(0, end);
    }

    /** Returns the words of a text in lower case: runs of letters and digits. */
    static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        text.toLowerCase(Locale.ROOT).codePoints().forEach(character -> {
            if (Character.isLetterOrDigit(character)) {
                word.appendCodePoint(character);
            } else if (word.length() > 0) {
                words.add(word.toString());
                word.setLength(0);
            }
        });
        if (word.length() > 0) {
            words.add(word.toString());
        }
        return words;
    }
}
