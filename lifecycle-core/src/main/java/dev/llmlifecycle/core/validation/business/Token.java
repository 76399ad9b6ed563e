package dev.llmlifecycle.core.validation.business;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A word, a run of digits, or a sign that carries meaning such as {@code %}, in comparable form.
 *
 * @param text in lower case, with compatibility characters unified; empty for a word too long to be listed
 * @param start where it begins in the text
 * @param end the index after it
 */
record Token(String text, int start, int end) {

    /** Putting very many combining characters in order takes the square of their number. */
    private static final int LONGEST_WORD = 200;

    private static final String SIGNS = "%&+#";

    /** Cuts a text. What follows digits directly, as in "30days", is a token of its own. */
    static List<Token> of(String text) {
        List<Token> tokens = new ArrayList<>();
        int start = -1;
        boolean digits = false;
        int at = 0;
        while (at < text.length()) {
            int c = text.codePointAt(at);
            int end = at + Character.charCount(c);
            boolean alone = isSign(c) || standsAlone(c);
            boolean inWord = alone || Character.isLetterOrDigit(c) || isMark(c);
            if (start >= 0 && (!inWord || alone || (digits && Character.isLetter(c)))) {
                add(text, start, at, tokens);
                start = -1;
            }
            if (alone) {
                add(text, at, end, tokens);
            } else if (inWord && start < 0) {
                start = at;
                digits = Character.isDigit(c);
            }
            at = end;
        }
        if (start >= 0) {
            add(text, start, text.length(), tokens);
        }
        return tokens;
    }

    boolean isDigits() {
        return !text.isEmpty() && text.charAt(0) >= '0' && text.charAt(0) <= '9';
    }

    private static void add(String text, int start, int end, List<Token> tokens) {
        String word = end - start > LONGEST_WORD
                ? ""
                : Normalizer.normalize(text.substring(start, end), Normalizer.Form.NFKC)
                        .toLowerCase(Locale.ROOT);
        tokens.add(new Token(word, start, end));
    }

    private static boolean isSign(int c) {
        return SIGNS.indexOf(c) >= 0 || Character.getType(c) == Character.CURRENCY_SYMBOL;
    }

    private static boolean isMark(int c) {
        int type = Character.getType(c);
        return type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK;
    }

    /** Nothing divides the words of these scripts, so each character is a token. */
    private static boolean standsAlone(int c) {
        return switch (Character.UnicodeScript.of(c)) {
            case HAN, HIRAGANA, KATAKANA, THAI, LAO, KHMER, MYANMAR -> true;
            default -> false;
        };
    }
}
