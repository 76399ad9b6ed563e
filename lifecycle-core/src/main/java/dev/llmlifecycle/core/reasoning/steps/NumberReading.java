package dev.llmlifecycle.core.reasoning.steps;

import java.util.List;

/**
 * What separates the thousands and the decimals of a number. The same characters can be read in several ways; a text
 * says nothing wrong as long as it holds in one of them.
 */
enum NumberReading {
    /** {@code 1,234.5} and {@code 1'234.5}. */
    POINT('.', ",'’\u00A0\u202F\u2009"),
    /** {@code 1.234,5}. */
    COMMA(',', ".'’\u00A0\u202F\u2009"),
    /** {@code 1 234.5}. */
    SPACE_POINT('.', " \u00A0\u202F\u2009"),
    /** {@code 1 234,5}. */
    SPACE_COMMA(',', " \u00A0\u202F\u2009");

    private final char decimal;
    private final String groups;

    NumberReading(char decimal, String groups) {
        this.decimal = decimal;
        this.groups = groups;
    }

    /** Returns the readings that can differ on a text, {@link #POINT} first. */
    static List<NumberReading> of(String text) {
        boolean separators = false;
        boolean spaces = false;
        for (int i = 1; i + 1 < text.length() && !(separators && spaces); i++) {
            char c = text.charAt(i);
            if (isDigit(text.charAt(i - 1)) && isDigit(text.charAt(i + 1))) {
                separators |= isSeparator(c);
                spaces |= c == ' ';
            }
        }
        if (spaces) {
            return List.of(values());
        }
        return separators ? List.of(POINT, COMMA) : List.of(POINT);
    }

    /** Returns the index after the number that begins here with a digit or the decimal separator. */
    int end(String text, int start, int limit) {
        int at = digits(text, start, limit);
        int first = at - start;
        if (first >= 1 && first <= 3 && at < limit) {
            char group = text.charAt(at);
            while (groups.indexOf(group) >= 0
                    && at < limit
                    && text.charAt(at) == group
                    && digits(text, at + 1, limit) == at + 4) {
                at += 4;
            }
        }
        if (at + 1 < limit && text.charAt(at) == decimal && digits(text, at + 1, limit) > at + 1) {
            at = digits(text, at + 1, limit);
        }
        return at;
    }

    /** Returns the number as {@link java.math.BigDecimal} takes it. */
    String plain(String written) {
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < written.length(); i++) {
            char c = written.charAt(i);
            if (c >= '0' && c <= '9') {
                plain.append(c);
            } else if (c == decimal) {
                plain.append('.');
            }
        }
        return plain.toString();
    }

    /** Tells whether a character separates digits in any reading. */
    static boolean isSeparator(char c) {
        return ".,'’\u00A0\u202F\u2009".indexOf(c) >= 0;
    }

    private static int digits(String text, int start, int limit) {
        int at = start;
        while (at < limit && isDigit(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
