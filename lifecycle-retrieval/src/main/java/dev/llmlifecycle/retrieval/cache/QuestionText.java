package dev.llmlifecycle.retrieval.cache;

import java.text.Normalizer;
import java.util.Locale;

/** What of a question's text does not count. */
final class QuestionText {

    private QuestionText() {}

    /** Leaves out what does not count: capitals, white space, compatibility forms, punctuation at the end. */
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
        while (end > 0 && isFinalPunctuation(out.charAt(end - 1))) {
            end--;
        }
        // A text of punctuation alone is all there is.
        return end == 0 ? out.toString().strip() : out.substring(0, end);
    }

    private static boolean isFinalPunctuation(char c) {
        return c == ' ' || c == '?' || c == '.' || c == '!' || c == '\u3002' || c == '\u061f';
    }
}
