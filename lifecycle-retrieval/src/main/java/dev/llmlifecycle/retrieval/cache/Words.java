package dev.llmlifecycle.retrieval.cache;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Cuts a question into words and numbers, in one pass. */
final class Words {

    private Words() {}

    /** What a token is. */
    enum Kind {
        WORD,
        NUMBER,
        /** Letters and digits mixed, or with an underscore. */
        IDENTIFIER,
        SYMBOL
    }

    /**
     * A token.
     *
     * @param text in lower case
     * @param kind what it is
     * @param capital whether it begins with a capital
     * @param innerCapital whether it has a capital further on
     * @param opens whether it is the first of a sentence
     */
    record Token(String text, Kind kind, boolean capital, boolean innerCapital, boolean opens) {}

    static List<Token> of(String text) {
        List<Token> tokens = new ArrayList<>();
        boolean opens = true;
        int i = 0;
        while (i < text.length()) {
            int c = text.codePointAt(i);
            int start = i;
            if (isDigit(c)) {
                i = numberEnd(text, i);
                int end = wordEnd(text, i);
                if (end > i && isIdentifier(text, i, end)) {
                    i = end;
                    tokens.add(token(text, start, i, Kind.IDENTIFIER, opens));
                } else {
                    tokens.add(token(text, start, i, Kind.NUMBER, opens));
                }
                opens = false;
            } else if (isAlone(c)) {
                i += Character.charCount(c);
                tokens.add(token(text, start, i, Kind.WORD, false));
                opens = false;
            } else if (Character.isLetter(c) || c == '_') {
                i = wordEnd(text, i);
                tokens.add(token(text, start, i, isIdentifier(text, start, i) ? Kind.IDENTIFIER : Kind.WORD, opens));
                opens = false;
            } else {
                i += Character.charCount(c);
                if (c == '.' || c == '?' || c == '!' || c == ':' || c == '\n') {
                    opens = true;
                } else if (c == '%' || Character.getType(c) == Character.CURRENCY_SYMBOL) {
                    tokens.add(token(text, start, i, Kind.SYMBOL, opens));
                }
            }
        }
        return tokens;
    }

    private static Token token(String text, int start, int end, Kind kind, boolean opens) {
        String word = text.substring(start, end);
        boolean capital = Character.isUpperCase(word.codePointAt(0));
        boolean inner = word.codePoints().skip(1).anyMatch(Character::isUpperCase);
        return new Token(word.toLowerCase(Locale.ROOT).replace('\u2019', '\''), kind, capital, inner, opens);
    }

    /** Digits with single marks between them, as in 1,000 and 10:30 and 2026-03-01 and 2.10.0. */
    private static int numberEnd(String text, int from) {
        int i = from;
        while (i < text.length()) {
            char c = text.charAt(i);
            boolean mark = c == '.' || c == ',' || c == ':' || c == '/' || c == '-';
            if (isDigit(c) || (mark && i + 1 < text.length() && isDigit(text.charAt(i + 1)))) {
                i++;
            } else {
                break;
            }
        }
        return i;
    }

    /** Letters, digits and underscores; marks between a letter and a digit, and apostrophes between letters, too. */
    private static int wordEnd(String text, int from) {
        int i = from;
        while (i < text.length()) {
            int c = text.codePointAt(i);
            if ((Character.isLetterOrDigit(c) && !isAlone(c)) || c == '_' || isMark(c)) {
                i += Character.charCount(c);
            } else if (i > from && i + 1 < text.length() && joins(c, text.charAt(i - 1), text.charAt(i + 1))) {
                i++;
            } else {
                break;
            }
        }
        return i;
    }

    private static boolean joins(int c, char before, char after) {
        if (c == '\'' || c == '\u2019') {
            return Character.isLetter(before) && Character.isLetter(after);
        }
        return (c == '.' || c == '-') && Character.isLetterOrDigit(before) && isDigit(after);
    }

    private static boolean isIdentifier(String text, int start, int end) {
        boolean digits = false;
        for (int i = start; i < end; i++) {
            digits |= isDigit(text.charAt(i)) || text.charAt(i) == '_';
        }
        return digits;
    }

    private static boolean isDigit(int c) {
        return Character.isDigit(c);
    }

    private static boolean isMark(int c) {
        int type = Character.getType(c);
        return type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK;
    }

    /** Scripts without spaces: each character is a word. */
    private static boolean isAlone(int c) {
        if (c < 0x0E00) {
            return false;
        }
        Character.UnicodeScript script = Character.UnicodeScript.of(c);
        return script == Character.UnicodeScript.HAN
                || script == Character.UnicodeScript.HIRAGANA
                || script == Character.UnicodeScript.KATAKANA
                || script == Character.UnicodeScript.THAI;
    }
}
