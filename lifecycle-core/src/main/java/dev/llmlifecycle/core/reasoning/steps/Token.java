package dev.llmlifecycle.core.reasoning.steps;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * A piece of a text that may hold arithmetic.
 *
 * @param kind what it is
 * @param start where it begins
 * @param end the index after it
 * @param text as it is written, operators in one spelling
 * @param value the number, where it is one
 * @param decimals how many decimals the number is written with
 * @param spaced whether white space stands before it
 */
record Token(
        Kind kind,
        int start,
        int end,
        String text,
        @Nullable Rational value,
        int decimals,
        boolean spaced) {

    enum Kind {
        NUMBER,
        OPERATOR,
        OPEN,
        CLOSE,
        PERCENT,
        CURRENCY,
        WORD,
        EQUAL,
        BREAK,
        OTHER
    }

    private static final int MAX_DIGITS = 100;
    private static final String TIMES = "×·*∙⋅✕";
    private static final String MINUS = "-−–";
    private static final String DIVIDE = "/÷";
    private static final String CURRENCIES = "$€£¥₹";
    private static final String VULGAR = "½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞";
    private static final int[][] VULGAR_VALUES = {
        {1, 2}, {1, 3}, {2, 3}, {1, 4}, {3, 4}, {1, 5}, {2, 5}, {3, 5}, {4, 5}, {1, 6}, {5, 6}, {1, 8}, {3, 8}, {5, 8},
        {7, 8}
    };

    boolean is(Kind wanted) {
        return kind == wanted;
    }

    boolean isOperator(String operator) {
        return kind == Kind.OPERATOR && text.equals(operator);
    }

    boolean isWord(String word) {
        return kind == Kind.WORD && text.equalsIgnoreCase(word);
    }

    /** Splits a text, numbers as one reading has them. */
    static List<Token> read(String text, NumberReading reading) {
        List<Token> tokens = new ArrayList<>();
        int at = 0;
        boolean spaced = true;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '\n' || c == ';') {
                tokens.add(new Token(Kind.BREAK, at, at + 1, "", null, 0, spaced));
                at++;
                spaced = true;
                continue;
            }
            if (Character.isWhitespace(c) || Character.isSpaceChar(c)) {
                at++;
                spaced = true;
                continue;
            }
            Token token = one(text, at, reading, spaced, tokens.isEmpty() ? null : tokens.get(tokens.size() - 1));
            tokens.add(token);
            at = token.end();
            spaced = false;
        }
        return tokens;
    }

    private static Token one(String text, int at, NumberReading reading, boolean spaced, @Nullable Token before) {
        char c = text.charAt(at);
        boolean digitNext = at + 1 < text.length() && isDigit(text.charAt(at + 1));
        if (isDigit(c)
                || ((c == '.' || c == ',')
                        && digitNext
                        && (spaced || before == null || !before.is(Kind.NUMBER))
                        && reading.end(text, at, text.length()) > at + 1)) {
            return number(text, at, reading, spaced);
        }
        int vulgar = VULGAR.indexOf(c);
        if (vulgar >= 0) {
            Rational value = Rational.of(VULGAR_VALUES[vulgar][0], VULGAR_VALUES[vulgar][1]);
            return new Token(Kind.NUMBER, at, at + 1, text.substring(at, at + 1), value, 0, spaced);
        }
        if (Character.isLetter(c)) {
            return word(text, at, spaced);
        }
        if (c == '=' || c == '≈') {
            boolean compares = (at > 0 && "<>!=".indexOf(text.charAt(at - 1)) >= 0)
                    || (at + 1 < text.length() && "=>".indexOf(text.charAt(at + 1)) >= 0);
            return single(compares ? Kind.OTHER : Kind.EQUAL, at, c == '≈' ? "≈" : "=", spaced);
        }
        if (c == '*' && at + 1 < text.length() && text.charAt(at + 1) == '*') {
            return new Token(Kind.OPERATOR, at, at + 2, "^", null, 0, spaced);
        }
        if (c == '+' || c == '^') {
            return single(Kind.OPERATOR, at, String.valueOf(c), spaced);
        }
        if (TIMES.indexOf(c) >= 0) {
            return single(Kind.OPERATOR, at, "*", spaced);
        }
        if (MINUS.indexOf(c) >= 0) {
            return single(Kind.OPERATOR, at, "-", spaced);
        }
        if (DIVIDE.indexOf(c) >= 0) {
            return single(Kind.OPERATOR, at, "/", spaced);
        }
        if (CURRENCIES.indexOf(c) >= 0) {
            return single(nextIsOperand(text, at + 1) ? Kind.CURRENCY : Kind.WORD, at, String.valueOf(c), spaced);
        }
        return switch (c) {
            case '(', '[' -> single(Kind.OPEN, at, "(", spaced);
            case ')', ']' -> single(Kind.CLOSE, at, ")", spaced);
            case '%' -> single(Kind.PERCENT, at, "%", spaced);
            case '¢' -> single(Kind.WORD, at, "¢", spaced);
            default -> single(Kind.OTHER, at, String.valueOf(c), spaced);
        };
    }

    private static Token single(Kind kind, int at, String text, boolean spaced) {
        return new Token(kind, at, at + 1, text, null, 0, spaced);
    }

    private static Token number(String text, int at, NumberReading reading, boolean spaced) {
        int end = reading.end(text, at, text.length());
        String written = text.substring(at, end);
        // More digits right behind, as in 1.2.3 or 12:30, or a zero before, as in 0930, make it no number.
        boolean goesOn = end + 1 < text.length()
                && (NumberReading.isSeparator(text.charAt(end)) || text.charAt(end) == ':')
                && isDigit(text.charAt(end + 1));
        boolean word = end < text.length() && Character.isLetter(text.charAt(end)) && isOrdinal(text, end);
        boolean clock = written.length() > 1 && written.charAt(0) == '0' && isDigit(written.charAt(1));
        if (goesOn || word || clock || end - at > MAX_DIGITS) {
            int stop = end;
            while (stop < text.length()
                    && (Character.isLetterOrDigit(text.charAt(stop))
                            || ((NumberReading.isSeparator(text.charAt(stop)) || text.charAt(stop) == ':')
                                    && stop + 1 < text.length()
                                    && isDigit(text.charAt(stop + 1))))) {
                stop++;
            }
            return new Token(Kind.OTHER, at, stop, "#", null, 0, spaced);
        }
        String plain = reading.plain(written);
        int point = plain.indexOf('.');
        return new Token(
                Kind.NUMBER,
                at,
                end,
                written,
                Rational.of(new BigDecimal(plain)),
                point < 0 ? 0 : plain.length() - point - 1,
                spaced);
    }

    private static boolean isOrdinal(String text, int at) {
        for (String ending : List.of("st", "nd", "rd", "th")) {
            if (text.regionMatches(true, at, ending, 0, 2)
                    && (at + 2 >= text.length() || !Character.isLetterOrDigit(text.charAt(at + 2)))) {
                return true;
            }
        }
        return false;
    }

    private static Token word(String text, int at, boolean spaced) {
        int end = at;
        while (end < text.length()
                && (Character.isLetter(text.charAt(end))
                        || ("'’-".indexOf(text.charAt(end)) >= 0
                                && end + 1 < text.length()
                                && Character.isLetter(text.charAt(end + 1))))) {
            end++;
        }
        String word = text.substring(at, end);
        String lower = word.toLowerCase(Locale.ROOT);
        boolean betweenNumbers = at > 0 && nextIsOperand(text, end);
        boolean letter = lower.equals("x") && !(end < text.length() && text.charAt(end) == '-');
        if (letter && betweenNumbers && previousIsOperand(text, at)) {
            return new Token(Kind.OPERATOR, at, end, "*", null, 0, spaced);
        }
        if (betweenNumbers && previousIsOperand(text, at)) {
            String operator = switch (lower) {
                case "times" -> "*";
                case "plus" -> "+";
                case "minus" -> "-";
                default -> "";
            };
            if (!operator.isEmpty()) {
                return new Token(Kind.OPERATOR, at, end, operator, null, 0, spaced);
            }
        }
        if (lower.equals("equals")) {
            return new Token(Kind.EQUAL, at, end, "=", null, 0, spaced);
        }
        return new Token(Kind.WORD, at, end, word, null, 0, spaced);
    }

    private static boolean nextIsOperand(String text, int from) {
        int at = from;
        while (at < text.length() && text.charAt(at) == ' ') {
            at++;
        }
        return at < text.length() && (isDigit(text.charAt(at)) || "($.-€£".indexOf(text.charAt(at)) >= 0);
    }

    private static boolean previousIsOperand(String text, int before) {
        int at = before - 1;
        while (at >= 0 && text.charAt(at) == ' ') {
            at--;
        }
        return at >= 0 && (isDigit(text.charAt(at)) || ")%".indexOf(text.charAt(at)) >= 0);
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
