package dev.llmlifecycle.core.reasoning.steps;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Finds equations in running text and tells which hold.
 *
 * <p>On both sides of an equals sign the longest expression is taken that the text allows. What cannot be delimited
 * with certainty (a letter for a number, an operator without its number, words such as "half of" before it) is left
 * undecided.
 */
final class Equations {

    /** Whether an equation holds. */
    enum Truth {
        HOLDS,
        FAILS,
        UNKNOWN
    }

    /**
     * One equation.
     *
     * @param start where it begins in the text
     * @param end the index after it
     * @param truth whether it holds
     * @param expected what should stand on the right where it fails, else empty
     */
    record Equation(int start, int end, Truth truth, String expected) {}

    private static final int NONE = -1;
    private static final int UNKNOWN = -2;
    private static final int MAX_UNIT_WORDS = 4;

    /** A number behind one of these is a part of something that was said in words. */
    private static final Set<String> REACHES_IN = Set.of(
            "x",
            "and",
            "of",
            "half",
            "twice",
            "double",
            "triple",
            "thrice",
            "third",
            "thirds",
            "quarter",
            "quarters",
            "fourth",
            "than",
            "times",
            "by",
            "from",
            "plus",
            "minus",
            "over",
            "squared",
            "cubed",
            "sqrt",
            "log",
            "sin",
            "cos",
            "max",
            "min",
            "root",
            "modulo",
            "mod");

    private final int roundedFrom;

    /** Takes the least number of decimals from which a result may be rounded. */
    Equations(int roundedFrom) {
        this.roundedFrom = roundedFrom;
    }

    /** Reads a text that is to be one equation or chain, as between {@code <<} and {@code >>}. */
    Equation strict(String text) {
        Equation best = new Equation(0, text.length(), Truth.UNKNOWN, "");
        for (NumberReading reading : NumberReading.of(text)) {
            Equation read = strict(text, Token.read(text, reading));
            if (read.truth() == Truth.HOLDS) {
                return read;
            }
            if (best.truth() == Truth.UNKNOWN) {
                best = read;
            }
        }
        return best;
    }

    private Equation strict(String text, List<Token> tokens) {
        List<Integer> signs = signs(tokens, 0, tokens.size());
        Equation undecided = new Equation(0, text.length(), Truth.UNKNOWN, "");
        if (signs.isEmpty()) {
            return undecided;
        }
        Equation result = undecided;
        int from = 0;
        for (int k = 0; k < signs.size(); k++) {
            int sign = signs.get(k);
            int to = k + 1 < signs.size() ? signs.get(k + 1) : tokens.size();
            Pair pair = compare(tokens, new Sides(from, sign, sign + 1, to, true), Map.of());
            if (pair.truth() != Truth.HOLDS) {
                return new Equation(0, text.length(), pair.truth(), pair.expected());
            }
            result = new Equation(0, text.length(), Truth.HOLDS, "");
            from = sign + 1;
        }
        return result;
    }

    /** Finds the equations of a text; of several ways to read its numbers the kindest counts, for each equals sign. */
    List<Equation> in(String text) {
        return in(text, Map.of());
    }

    List<Equation> in(String text, Map<String, Rational> variables) {
        Map<Integer, Equation> bySign = new HashMap<>();
        List<Integer> order = new ArrayList<>();
        for (NumberReading reading : NumberReading.of(text)) {
            List<Token> tokens = Token.read(text, reading);
            for (int start = 0; start < tokens.size(); ) {
                int end = start;
                while (end < tokens.size() && !tokens.get(end).is(Token.Kind.BREAK)) {
                    end++;
                }
                segment(tokens, start, end, variables, bySign, order);
                start = end + 1;
            }
        }
        List<Equation> equations = new ArrayList<>();
        order.forEach(sign -> {
            Equation equation = bySign.get(sign);
            if (equation != null) {
                equations.add(equation);
            }
        });
        return equations;
    }

    private void segment(
            List<Token> tokens,
            int start,
            int end,
            Map<String, Rational> variables,
            Map<Integer, Equation> bySign,
            List<Integer> order) {
        List<Integer> signs = signs(tokens, start, end);
        for (int k = 0; k < signs.size(); k++) {
            int sign = signs.get(k);
            int from = k == 0 ? start : signs.get(k - 1) + 1;
            int to = k + 1 < signs.size() ? signs.get(k + 1) : end;
            int place = tokens.get(sign).start();
            Equation equation = around(tokens, from, sign, to, k > 0, variables);
            Equation before = bySign.get(place);
            if (before == null) {
                order.add(place);
            }
            if (before == null
                    || equation.truth() == Truth.HOLDS
                    || (before.truth() == Truth.UNKNOWN && equation.truth() == Truth.FAILS)) {
                bySign.put(place, equation);
            }
        }
    }

    private static List<Integer> signs(List<Token> tokens, int start, int end) {
        List<Integer> signs = new ArrayList<>();
        for (int i = start; i < end; i++) {
            if (tokens.get(i).is(Token.Kind.EQUAL)) {
                signs.add(i);
            }
        }
        return signs;
    }

    private Equation around(
            List<Token> tokens, int from, int sign, int to, boolean chained, Map<String, Rational> variables) {
        Token equal = tokens.get(sign);
        Equation undecided = new Equation(equal.start(), equal.end(), Truth.UNKNOWN, "");
        int left = startOf(tokens, from, sign, variables);
        int right = endOf(tokens, sign + 1, to, variables);
        if (left < 0 || right < 0) {
            return undecided;
        }
        boolean whole =
                left == from && (chained || from == 0 || tokens.get(from - 1).is(Token.Kind.BREAK));
        Pair pair = compare(tokens, new Sides(left, sign, sign + 1, right, whole), variables);
        int start = tokens.get(left).start();
        int end = tokens.get(right - 1).end();
        return new Equation(start, end, pair.truth(), pair.expected());
    }

    /**
     * The places of both sides.
     *
     * @param whole whether nothing else stands before the left side
     */
    private record Sides(int left, int leftEnd, int right, int rightEnd, boolean whole) {}

    private record Pair(Truth truth, String expected) {}

    private Pair compare(List<Token> tokens, Sides sides, Map<String, Rational> variables) {
        Expression.Shape left = Expression.shape(tokens, sides.left(), sides.leftEnd(), variables);
        Expression.Shape right = Expression.shape(tokens, sides.right(), sides.rightEnd(), variables);
        boolean units = left.dimension() != null
                && left.dimension().equals(right.dimension())
                && left.oneDimension()
                && right.oneDimension();
        boolean bare = left.operators() == 0 && right.operators() == 0;
        // A letter right behind a number is a unit where it converts, and otherwise something unknown.
        boolean letters = left.variable() || right.variable();
        boolean converts = units && !(left.oneFactor() && right.oneFactor() && sameFactor(left, right));
        if (left.operators() == 0 && !sides.whole() && !(bare && converts)) {
            return new Pair(Truth.UNKNOWN, "");
        }
        Rational plainLeft = value(tokens, sides.left(), sides.leftEnd(), Expression.PLAIN, variables);
        Rational plainRight = value(tokens, sides.right(), sides.rightEnd(), Expression.PLAIN, variables);
        if (plainLeft == null || plainRight == null) {
            return new Pair(Truth.UNKNOWN, "");
        }
        int decimals = right.operators() == 0 ? decimals(tokens, sides.right(), sides.rightEnd()) : -1;
        boolean about = tokens.get(sides.leftEnd()).text().equals("≈");
        for (int bits = 0; bits < 32; bits++) {
            Expression.Mode mode = new Expression.Mode(
                    (bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0, (bits & 8) != 0, (bits & 16) != 0);
            boolean differs = (!mode.convert() || units)
                    && (!mode.scale() || left.scales() || right.scales())
                    && (!(mode.relative() || mode.bareFinalPercent()) || left.percents() || right.percents())
                    && (!mode.tightFractions() || left.multiplies() || right.multiplies());
            if (!differs) {
                continue;
            }
            Rational a = value(tokens, sides.left(), sides.leftEnd(), mode, variables);
            Rational b = value(tokens, sides.right(), sides.rightEnd(), mode, variables);
            if (a != null && b != null && equal(a, b, decimals, about)) {
                return new Pair(Truth.HOLDS, "");
            }
        }
        if ((letters && !(bare && converts)) || runsOn(tokens, sides, plainLeft, variables)) {
            return new Pair(Truth.UNKNOWN, "");
        }
        if (converts && !bare && (left.multiplies() || right.multiplies())) {
            return new Pair(Truth.UNKNOWN, "");
        }
        if (bare && converts) {
            Rational factor = right.factor();
            Rational base = value(
                    tokens,
                    sides.left(),
                    sides.leftEnd(),
                    new Expression.Mode(true, true, false, false, false),
                    variables);
            Rational expected = base == null || factor == null ? null : base.over(factor);
            return new Pair(Truth.FAILS, expected == null ? "" : expected.plain());
        }
        if (about && decimals < 0) {
            return new Pair(Truth.UNKNOWN, "");
        }
        return new Pair(Truth.FAILS, plainLeft.plain());
    }

    /** Tells whether the right side begins with the result and calculates on, as in {@code 3/2 = 1.5 + 3 = 4.5}. */
    private static boolean runsOn(List<Token> tokens, Sides sides, Rational result, Map<String, Rational> variables) {
        int at = sides.right();
        while (at < sides.rightEnd() && !tokens.get(at).is(Token.Kind.NUMBER)) {
            at++;
        }
        Rational first = value(tokens, sides.right(), Math.min(at + 1, sides.rightEnd()), Expression.PLAIN, variables);
        return at + 1 < sides.rightEnd() && result.equals(first);
    }

    private static boolean sameFactor(Expression.Shape left, Expression.Shape right) {
        return left.factor() != null && left.factor().equals(right.factor());
    }

    private static @Nullable Rational value(
            List<Token> tokens, int start, int end, Expression.Mode mode, Map<String, Rational> variables) {
        return Expression.value(tokens, start, end, mode, variables);
    }

    private boolean equal(Rational a, Rational b, int decimals, boolean about) {
        if (a.equals(b)) {
            return true;
        }
        boolean rounded = decimals >= 0 && (about || decimals >= roundedFrom);
        return rounded && a.roundsTo(b, decimals);
    }

    /** Returns the decimals of the one number of a side. */
    private static int decimals(List<Token> tokens, int start, int end) {
        for (int i = start; i < end; i++) {
            if (tokens.get(i).is(Token.Kind.NUMBER)) {
                boolean percent = i + 1 < end && tokens.get(i + 1).is(Token.Kind.PERCENT);
                return tokens.get(i).decimals() + (percent ? 2 : 0);
            }
        }
        return -1;
    }

    // Where an expression begins and ends

    /** Returns where the expression that ends before an index begins. */
    static int startOf(List<Token> tokens, int from, int end, Map<String, Rational> variables) {
        int at = backOverUnits(tokens, from, end - 1, variables);
        boolean afterOperator = false;
        while (true) {
            if (at < from) {
                return afterOperator ? UNKNOWN : NONE;
            }
            int before = beforeOperand(tokens, from, at, variables);
            if (before == UNKNOWN || before == NONE) {
                return afterOperator ? UNKNOWN : before;
            }
            // "before" is the index of what stands in front, shifted by 2 so that it is never negative.
            at = before - 2;
            while (at >= from && tokens.get(at).is(Token.Kind.OPERATOR)) {
                int operand = backOverUnits(tokens, from, at - 1, variables);
                if (operand >= from && endsOperand(tokens.get(operand), variables)) {
                    break;
                }
                boolean sign = tokens.get(at).isOperator("-") || tokens.get(at).isOperator("+");
                if (!sign) {
                    return UNKNOWN;
                }
                boolean free = at == from
                        || tokens.get(at - 1).is(Token.Kind.OPEN)
                        || tokens.get(at - 1).is(Token.Kind.OTHER);
                boolean attached = !tokens.get(at + 1).spaced();
                if (at > from && tokens.get(at - 1).is(Token.Kind.OPERATOR)) {
                    at--;
                    continue;
                }
                if (!attached || !(free || tokens.get(at).spaced())) {
                    return UNKNOWN;
                }
                return guarded(tokens, from, at);
            }
            if (at < from) {
                return at + 1;
            }
            Token token = tokens.get(at);
            if (token.is(Token.Kind.OPERATOR)) {
                at = backOverUnits(tokens, from, at - 1, variables);
                afterOperator = true;
            } else if (token.isWord("of") && at > from && endsOperand(tokens.get(at - 1), variables)) {
                at--;
                afterOperator = true;
            } else if (tokens.get(at + 1).is(Token.Kind.OPEN) && endsOperand(token, variables)) {
                afterOperator = true;
            } else if (token.is(Token.Kind.NUMBER)) {
                return UNKNOWN;
            } else {
                return guarded(tokens, from, at + 1);
            }
        }
    }

    /** Returns where an operand begins, unless the words before it reach into the expression. */
    private static int guarded(List<Token> tokens, int from, int start) {
        if (start > from) {
            Token before = tokens.get(start - 1);
            if (before.is(Token.Kind.WORD) && REACHES_IN.contains(before.text().toLowerCase(Locale.ROOT))) {
                return UNKNOWN;
            }
            if (before.is(Token.Kind.OTHER) && before.text().equals("#")) {
                return UNKNOWN;
            }
            // "25 classmates + his 1 teacher = 26": the operator reaches over words that name its number.
            int words = start - 1;
            while (words >= from
                    && start - words <= MAX_UNIT_WORDS
                    && tokens.get(words).is(Token.Kind.WORD)) {
                words--;
            }
            if (words >= from && words < start - 1 && tokens.get(words).is(Token.Kind.OPERATOR)) {
                return UNKNOWN;
            }
        }
        return start;
    }

    /** Returns the index before the operand that ends at an index, plus 2; or {@link #NONE} or {@link #UNKNOWN}. */
    private static int beforeOperand(List<Token> tokens, int from, int end, Map<String, Rational> variables) {
        int at = end;
        if (tokens.get(at).is(Token.Kind.PERCENT)) {
            at--;
        }
        if (at < from) {
            return UNKNOWN;
        }
        Token token = tokens.get(at);
        if (token.is(Token.Kind.CLOSE)) {
            int depth = 0;
            int limit = Math.max(from, at - Expression.MAX_TOKENS);
            while (at >= limit) {
                depth +=
                        tokens.get(at).is(Token.Kind.CLOSE) ? 1 : tokens.get(at).is(Token.Kind.OPEN) ? -1 : 0;
                if (depth == 0) {
                    return at + 1;
                }
                at--;
            }
            return UNKNOWN;
        }
        if (token.is(Token.Kind.NUMBER)) {
            for (int length : new int[] {4, 2}) {
                int start = at - length + 1;
                if (start >= from && Expression.mixedLength(tokens, start, at + 1) == length) {
                    at = start;
                    break;
                }
            }
            if (at - 1 >= from && tokens.get(at - 1).is(Token.Kind.CURRENCY)) {
                at--;
            }
            return at + 1;
        }
        if (token.is(Token.Kind.WORD) && variables.containsKey(token.text())) {
            return at + 1;
        }
        return NONE;
    }

    private static boolean endsOperand(Token token, Map<String, Rational> variables) {
        return token.is(Token.Kind.NUMBER)
                || token.is(Token.Kind.PERCENT)
                || token.is(Token.Kind.CLOSE)
                || (token.is(Token.Kind.WORD) && variables.containsKey(token.text()));
    }

    /** Passes back over the words behind a number; returns the index of the number, or where it began. */
    private static int backOverUnits(List<Token> tokens, int from, int at, Map<String, Rational> variables) {
        int back = at;
        int words = 0;
        while (back >= from && words <= MAX_UNIT_WORDS) {
            Token token = tokens.get(back);
            if (endsOperand(token, variables)) {
                return back;
            }
            boolean per =
                    token.isOperator("/") && back < at && tokens.get(back + 1).is(Token.Kind.WORD);
            if (!per && (!token.is(Token.Kind.WORD) || token.isWord("of"))) {
                return at;
            }
            words += per ? 0 : 1;
            back--;
        }
        return at;
    }

    /** Returns the index after the expression that begins at an index. */
    static int endOf(List<Token> tokens, int from, int limit, Map<String, Rational> variables) {
        int at = from;
        boolean afterOperator = false;
        while (true) {
            while (at < limit
                    && (tokens.get(at).isOperator("-") || tokens.get(at).isOperator("+"))) {
                at++;
            }
            if (at < limit && tokens.get(at).is(Token.Kind.CURRENCY)) {
                at++;
            }
            if (at >= limit) {
                return afterOperator ? UNKNOWN : NONE;
            }
            Token token = tokens.get(at);
            if (token.is(Token.Kind.NUMBER)) {
                at += Expression.mixedLength(tokens, at, limit);
            } else if (token.is(Token.Kind.OPEN)) {
                at = afterBracket(tokens, at, limit);
                if (at < 0) {
                    return UNKNOWN;
                }
            } else if (token.is(Token.Kind.WORD) && variables.containsKey(token.text())) {
                at++;
            } else {
                return afterOperator ? UNKNOWN : NONE;
            }
            if (at < limit && tokens.get(at).is(Token.Kind.PERCENT)) {
                at++;
            }
            int behind = overUnits(tokens, at, limit, variables);
            if (behind >= limit) {
                return behind;
            }
            Token next = tokens.get(behind);
            if (next.is(Token.Kind.OPERATOR)) {
                if (startsOperand(tokens, behind + 1, limit, variables)) {
                    at = behind + 1;
                    afterOperator = true;
                    continue;
                }
                boolean dash = next.isOperator("-") && next.spaced();
                boolean phrase = behind + 1 >= limit
                        || (tokens.get(behind + 1).is(Token.Kind.WORD)
                                && tokens.get(behind + 1).text().length() > 1);
                return (dash || next.isOperator("/") || next.isOperator("-")) && phrase ? behind : UNKNOWN;
            }
            if (next.isWord("of")) {
                if (behind == at && startsOperand(tokens, behind + 1, limit, variables)) {
                    at = behind + 1;
                    afterOperator = true;
                    continue;
                }
                boolean fraction = behind == at && (tokens.get(at - 1).is(Token.Kind.PERCENT) || afterOperator);
                return fraction ? UNKNOWN : behind;
            }
            if (next.is(Token.Kind.OPEN) && behind == at && !next.spaced()) {
                at = behind;
                afterOperator = true;
                continue;
            }
            return next.is(Token.Kind.NUMBER) && behind == at ? UNKNOWN : behind;
        }
    }

    private static boolean startsOperand(List<Token> tokens, int from, int limit, Map<String, Rational> variables) {
        int at = from;
        while (at < limit
                && (tokens.get(at).isOperator("-")
                        || tokens.get(at).isOperator("+")
                        || tokens.get(at).is(Token.Kind.CURRENCY))) {
            at++;
        }
        return at < limit
                && (tokens.get(at).is(Token.Kind.NUMBER)
                        || tokens.get(at).is(Token.Kind.OPEN)
                        || (tokens.get(at).is(Token.Kind.WORD)
                                && variables.containsKey(tokens.get(at).text())));
    }

    private static int afterBracket(List<Token> tokens, int open, int limit) {
        int depth = 0;
        int end = Math.min(limit, open + Expression.MAX_TOKENS);
        for (int at = open; at < end; at++) {
            depth += tokens.get(at).is(Token.Kind.OPEN) ? 1 : tokens.get(at).is(Token.Kind.CLOSE) ? -1 : 0;
            if (depth == 0) {
                return at + 1;
            }
        }
        return NONE;
    }

    /** Passes over the words behind a number up to an operator; without one only the first word belongs to it. */
    private static int overUnits(List<Token> tokens, int from, int limit, Map<String, Rational> variables) {
        int at = from;
        int words = 0;
        while (at < limit && words < MAX_UNIT_WORDS) {
            Token token = tokens.get(at);
            boolean per = token.isOperator("/")
                    && words > 0
                    && at + 1 < limit
                    && tokens.get(at + 1).is(Token.Kind.WORD)
                    && !variables.containsKey(tokens.get(at + 1).text());
            if (per) {
                at += 2;
                continue;
            }
            if (!token.is(Token.Kind.WORD) || token.isWord("of") || variables.containsKey(token.text())) {
                break;
            }
            words++;
            at++;
        }
        boolean operator = at < limit && tokens.get(at).is(Token.Kind.OPERATOR);
        boolean ends = at >= limit;
        return words == 0 || operator || ends ? at : from + 1;
    }
}
