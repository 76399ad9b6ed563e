package dev.llmlifecycle.core.reasoning.steps;

import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/** Evaluates a run of tokens as one arithmetic expression, exactly; anything left over makes it none. */
final class Expression {

    /** More tokens than that, or deeper brackets, are no calculation of a chain of thought. */
    static final int MAX_TOKENS = 400;

    private static final int MAX_DEPTH = 64;
    private static final Set<String> ARTICLES = Set.of("a", "A", "I");

    /**
     * How an expression is read.
     *
     * @param convert whether recognised units count with their factor
     * @param scale whether words such as {@code million} and {@code dozen} count
     * @param relative whether {@code 50 + 10%} adds a tenth of what stands before
     * @param bareFinalPercent whether a percent sign behind a lone number is dropped
     * @param tightFractions whether {@code 1/2} without spaces is one number behind another operator
     */
    record Mode(boolean convert, boolean scale, boolean relative, boolean bareFinalPercent, boolean tightFractions) {}

    static final Mode PLAIN = new Mode(false, false, false, false, false);

    private final List<Token> tokens;
    private final int end;
    private final Mode mode;
    private final Map<String, Rational> variables;
    private final int numbers;
    private int at;
    private int depth;
    private boolean failed;

    private Expression(List<Token> tokens, int start, int end, Mode mode, Map<String, Rational> variables) {
        this.tokens = tokens;
        this.at = start;
        this.end = end;
        this.mode = mode;
        this.variables = variables;
        this.numbers = (int) tokens.subList(start, end).stream()
                .filter(token -> token.is(Token.Kind.NUMBER))
                .count();
    }

    /** Returns the value, or null where the tokens are no expression or have no value. */
    static @Nullable Rational value(
            List<Token> tokens, int start, int end, Mode mode, Map<String, Rational> variables) {
        if (start >= end || end - start > MAX_TOKENS) {
            return null;
        }
        Expression expression = new Expression(tokens, start, end, mode, variables);
        Rational value = expression.sum();
        return expression.failed || expression.at < end ? null : value;
    }

    private @Nullable Token peek() {
        return at < end ? tokens.get(at) : null;
    }

    private boolean next(String operator) {
        Token token = peek();
        return token != null && token.isOperator(operator);
    }

    private Rational fail() {
        failed = true;
        return Rational.ZERO;
    }

    private Rational checked(@Nullable Rational value) {
        return value == null ? fail() : value;
    }

    private Rational sum() {
        Rational sum = product();
        while (!failed && (next("+") || next("-"))) {
            boolean plus = next("+");
            at++;
            int start = at;
            Rational term = product();
            if (mode.relative() && at == start + 2 && tokens.get(start + 1).is(Token.Kind.PERCENT)) {
                term = checked(term.times(sum));
            }
            sum = checked(sum.plus(plus ? term : term.negate()));
        }
        return sum;
    }

    private Rational product() {
        Rational product = factor();
        while (!failed) {
            Token token = peek();
            if (token == null) {
                break;
            }
            if (token.isOperator("*") || token.isWord("of")) {
                at++;
                product = checked(product.times(fraction()));
            } else if (token.isOperator("/")) {
                at++;
                product = checked(product.over(fraction()));
            } else if (token.is(Token.Kind.OPEN)) {
                product = checked(product.times(factor()));
            } else {
                break;
            }
        }
        return product;
    }

    private Rational fraction() {
        Rational value = factor();
        boolean tight = mode.tightFractions()
                && !failed
                && next("/")
                && !tokens.get(at).spaced()
                && at + 1 < end
                && !tokens.get(at + 1).spaced();
        if (tight) {
            at++;
            value = checked(value.over(factor()));
        }
        return value;
    }

    private Rational factor() {
        boolean negative = false;
        while (next("-") || next("+")) {
            negative ^= next("-");
            at++;
        }
        Rational value = primary();
        if (!failed && next("^")) {
            at++;
            if (++depth > MAX_DEPTH) {
                return fail();
            }
            value = checked(value.power(factor()));
            depth--;
        }
        return negative ? value.negate() : value;
    }

    private Rational primary() {
        Token token = peek();
        Units.Unit currency = null;
        if (token != null && token.is(Token.Kind.CURRENCY)) {
            currency = Units.of("$");
            at++;
            token = peek();
        }
        if (token == null || failed) {
            return fail();
        }
        if (token.is(Token.Kind.OPEN)) {
            if (++depth > MAX_DEPTH) {
                return fail();
            }
            at++;
            Rational value = sum();
            depth--;
            Token close = peek();
            if (failed || close == null || !close.is(Token.Kind.CLOSE)) {
                return fail();
            }
            at++;
            return units(percent(value, false), currency);
        }
        if (token.is(Token.Kind.NUMBER)) {
            at++;
            Rational value = mixed(token);
            return units(percent(value, numbers == 1), currency);
        }
        if (token.is(Token.Kind.WORD)) {
            Rational value = variables.get(token.text());
            if (value != null) {
                at++;
                return value;
            }
        }
        return fail();
    }

    /** Reads {@code 3 1/2} and {@code 3½}. */
    private Rational mixed(Token whole) {
        Rational value = checked(whole.value());
        int length = mixedLength(tokens, at - 1, end);
        if (length == 2) {
            value = checked(value.plus(checked(tokens.get(at).value())));
        } else if (length == 4) {
            Rational part = checked(checked(tokens.get(at).value())
                    .over(checked(tokens.get(at + 2).value())));
            value = checked(value.plus(part));
        }
        at += length - 1;
        return value;
    }

    /** Returns how many tokens the number at an index has: 1, or 2 and 4 for a number with a fraction behind it. */
    static int mixedLength(List<Token> tokens, int index, int end) {
        if (!isWhole(tokens, index, end)) {
            return 1;
        }
        if (index + 1 < end
                && tokens.get(index + 1).is(Token.Kind.NUMBER)
                && !Character.isDigit(tokens.get(index + 1).text().charAt(0))
                && Character.getType(tokens.get(index + 1).text().charAt(0)) == Character.OTHER_NUMBER) {
            return 2;
        }
        if (isWhole(tokens, index + 1, end)
                && tokens.get(index + 1).spaced()
                && index + 3 < end
                && tokens.get(index + 2).isOperator("/")
                && !tokens.get(index + 2).spaced()
                && isWhole(tokens, index + 3, end)
                && !tokens.get(index + 3).spaced()) {
            Rational top = tokens.get(index + 1).value();
            Rational bottom = tokens.get(index + 3).value();
            if (top != null && bottom != null && top.compareTo(bottom) < 0) {
                return 4;
            }
        }
        return 1;
    }

    private static boolean isWhole(List<Token> tokens, int index, int end) {
        if (index >= end || !tokens.get(index).is(Token.Kind.NUMBER)) {
            return false;
        }
        Token token = tokens.get(index);
        Rational value = token.value();
        return token.decimals() == 0 && value != null && value.denominator().bitLength() == 1;
    }

    private Rational percent(Rational value, boolean lone) {
        Token token = peek();
        if (token == null || !token.is(Token.Kind.PERCENT)) {
            return value;
        }
        at++;
        return lone && mode.bareFinalPercent() ? value : checked(value.over(Rational.of(100)));
    }

    /** Passes over the words behind a number; the first may be a scale or a unit. */
    private Rational units(Rational value, Units.@Nullable Unit currency) {
        Rational result = value;
        Units.Unit unit = currency;
        boolean first = true;
        while (!failed) {
            Token token = peek();
            if (token == null) {
                break;
            }
            boolean per = token.isOperator("/")
                    && at + 1 < end
                    && tokens.get(at + 1).is(Token.Kind.WORD)
                    && !variables.containsKey(tokens.get(at + 1).text());
            if (per) {
                at += 2;
                first = false;
                continue;
            }
            if (!token.is(Token.Kind.WORD) || token.isWord("of") || variables.containsKey(token.text())) {
                break;
            }
            if (first) {
                Rational scale = Units.scale(token.text());
                if (scale != null && mode.scale()) {
                    result = checked(result.times(scale));
                    at++;
                    continue;
                }
                Units.Unit named = Units.of(token.text());
                unit = named == null ? unit : named;
            }
            first = false;
            at++;
        }
        return mode.convert() && unit != null ? checked(result.times(unit.factor())) : result;
    }

    /** Tells whether words alone make the tokens refer to a unit; used to decide what a mismatch means. */
    static Shape shape(List<Token> tokens, int start, int end, Map<String, Rational> variables) {
        String dimension = null;
        Rational factor = null;
        boolean oneFactor = true;
        boolean oneDimension = true;
        boolean multiplies = false;
        boolean scales = false;
        boolean percents = false;
        boolean variable = false;
        int operators = 0;
        int numbers = 0;
        for (int i = start; i < end; i++) {
            Token token = tokens.get(i);
            if (token.is(Token.Kind.NUMBER)) {
                numbers++;
            } else if (token.is(Token.Kind.PERCENT)) {
                percents = true;
            } else if (token.is(Token.Kind.OPERATOR) || token.isWord("of")) {
                boolean per = token.isOperator("/")
                        && i + 1 < end
                        && tokens.get(i + 1).is(Token.Kind.WORD);
                boolean unary = (token.isOperator("-") || token.isOperator("+"))
                        && (i == start
                                || tokens.get(i - 1).is(Token.Kind.OPERATOR)
                                || tokens.get(i - 1).is(Token.Kind.OPEN));
                operators += per || unary ? 0 : 1;
                multiplies |= token.isOperator("*") || token.isOperator("/") || token.isWord("of");
            } else if (token.is(Token.Kind.WORD) || token.is(Token.Kind.CURRENCY)) {
                String word = token.text();
                boolean behindNumber = token.is(Token.Kind.CURRENCY)
                        || (i > start
                                && (tokens.get(i - 1).is(Token.Kind.NUMBER)
                                        || tokens.get(i - 1).is(Token.Kind.CLOSE)));
                Units.Unit unit = !behindNumber ? null : token.is(Token.Kind.CURRENCY) ? Units.of("$") : Units.of(word);
                if (unit != null) {
                    oneDimension &= dimension == null || dimension.equals(unit.dimension());
                    oneFactor &= factor == null || factor.equals(unit.factor());
                    dimension = unit.dimension();
                    factor = unit.factor();
                }
                scales |= Units.scale(word) != null;
                boolean glued = behindNumber && !token.spaced();
                variable |= word.length() == 1
                        && !variables.containsKey(word)
                        && Character.isLetter(word.charAt(0))
                        && (unit == null || glued)
                        && (glued || !ARTICLES.contains(word));
            }
        }
        return new Shape(
                dimension, factor, oneDimension, oneFactor, multiplies, scales, percents, variable, operators, numbers);
    }

    /**
     * What an expression is made of.
     *
     * @param dimension of the last unit in it; null without one
     * @param factor of the last unit in it
     * @param oneDimension whether all units have it
     * @param oneFactor whether all units have that factor
     * @param multiplies whether something is multiplied or divided
     * @param scales whether it has a word such as {@code million}
     * @param percents whether it has a percent sign
     * @param variable whether a letter stands for something unknown
     * @param operators how many operators it has
     * @param numbers how many numbers it has
     */
    record Shape(
            @Nullable String dimension,
            @Nullable Rational factor,
            boolean oneDimension,
            boolean oneFactor,
            boolean multiplies,
            boolean scales,
            boolean percents,
            boolean variable,
            int operators,
            int numbers) {}
}
