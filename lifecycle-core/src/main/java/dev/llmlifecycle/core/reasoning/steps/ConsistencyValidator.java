package dev.llmlifecycle.core.reasoning.steps;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.llmlifecycle.api.identity.Identity;
import org.jspecify.annotations.Nullable;

/**
 * Checks a step against what was said before: a letter or name that has another value now than when it was defined, an
 * equation in such letters that does not hold with their values, a formula for the question that has another value than
 * the question, an answer that is not what the question's expression comes to.
 *
 * <p>Names are single letters and words with an underscore or digit, as in {@code A = 3} and {@code total_cost = 5}.
 * The steps before are looked back at as far as {@value #MOST_CHARACTERS} characters. Thread-safe.
 */
final class ConsistencyValidator implements StepValidator {

    static final String NAME = "consistency";
    private static final int MOST_CHARACTERS = 20_000;
    private static final int MOST_DEFINED = 400;
    private static final int MOST_DEFINITIONS = 300;

    private static final Pattern DEFINITION =
            Pattern.compile("(?:^|[^\\w.)\\]*/+^=-])([A-Z]|[b-hj-wyz]|[A-Za-z]+[_\\d]\\w*) = ");
    private static final Pattern FORMULA = Pattern.compile("(?i)written as:? [\"“`]([^\"”`\\n]+)[\"”`]");
    private static final Pattern ANSWER = Pattern.compile(
            "(?i)\\b(?:the (?:final )?answer is|answer:):? *\\$?(-?\\d[\\d,]*(?:\\.\\d+)?)(?:[\\s.]*$|[.\\n])");

    private final Equations equations = new Equations(1);

    @Override
    public Identity identity() {
        return Identity.of(NAME, "1");
    }

    @Override
    public StepCheck check(ReasoningStep step, StepContext context) {
        Names names = new Names();
        int from = context.earlier().size();
        int characters = 0;
        while (from > 0 && characters + context.earlier().get(from - 1).text().length() <= MOST_CHARACTERS) {
            from--;
            characters += context.earlier().get(from).text().length();
        }
        for (ReasoningStep before :
                context.earlier().subList(from, context.earlier().size())) {
            names.learn(before.text());
        }
        String text =
                ArithmeticValidator.Annotated.of(StepText.head(step.text())).plain();
        StepCheck conflict = names.conflict(text);
        if (conflict != null) {
            return conflict;
        }
        Rational asked = expression(context.question());
        Names own = new Names();
        own.learn(text);
        int held = 0;
        Matcher formula = FORMULA.matcher(text);
        while (asked != null && formula.find()) {
            Rational value = value(formula.group(1), own.values);
            if (value != null && !value.equals(asked)) {
                return StepCheck.wrong(NAME, "the formula does not come to what the question does", asked.plain());
            }
            held += value == null ? 0 : 1;
        }
        if (!names.values.isEmpty()) {
            for (Equations.Equation equation : equations.in(text, names.values)) {
                String written = text.substring(equation.start(), equation.end());
                if (equation.truth() == Equations.Truth.FAILS && mentions(written, names.values.keySet())) {
                    return StepCheck.wrong(
                            NAME,
                            StepText.shortened(written) + " does not hold with the values before",
                            equation.expected());
                }
                boolean uses = equation.truth() == Equations.Truth.HOLDS && mentions(written, names.values.keySet());
                held += uses ? 1 : 0;
            }
        }
        Matcher answer = ANSWER.matcher(text);
        if (asked != null && answer.find()) {
            Rational given = value(answer.group(1), Map.of());
            if (given != null && !given.equals(asked)) {
                return StepCheck.wrong(NAME, "the answer is not what the question comes to", asked.plain());
            }
            held++;
        }
        return held > 0
                ? StepCheck.correct(NAME, "agrees with what was said before")
                : StepCheck.unchecked(NAME, "nothing is said of what was defined before");
    }

    /** Returns the value of a question that is one expression, an equals sign behind it or not. */
    private static @Nullable Rational expression(String question) {
        if (question.length() > 2_000) {
            return null;
        }
        String text = question.strip();
        while (text.endsWith("=") || text.endsWith("?")) {
            text = text.substring(0, text.length() - 1).strip();
        }
        List<Token> tokens = Token.read(text, NumberReading.POINT);
        if (Expression.shape(tokens, 0, tokens.size(), Map.of()).operators() == 0) {
            return null;
        }
        return Expression.value(tokens, 0, tokens.size(), Expression.PLAIN, Map.of());
    }

    private static @Nullable Rational value(String text, Map<String, Rational> values) {
        List<Token> tokens = Token.read(text, NumberReading.POINT);
        return Expression.value(tokens, 0, tokens.size(), Expression.PLAIN, values);
    }

    private static boolean mentions(String text, Set<String> names) {
        return Token.read(text, NumberReading.POINT).stream()
                .anyMatch(token -> token.is(Token.Kind.WORD) && names.contains(token.text()));
    }

    /** What names stand for, as far as the text told. */
    private static final class Names {

        private final Map<String, Rational> values = new HashMap<>();

        void learn(String text) {
            String plain = ArithmeticValidator.Annotated.of(text).plain();
            Matcher matcher = DEFINITION.matcher(plain);
            int at = 0;
            for (int n = 0; n < MOST_DEFINITIONS && matcher.find(at); n++) {
                String name = matcher.group(1);
                Sides sides = sides(plain, matcher.end());
                at = matcher.end();
                if (isTerm(plain, matcher.start(1))) {
                    continue;
                }
                if (sides.last() == null) {
                    values.remove(name);
                } else {
                    values.put(name, sides.last());
                }
            }
        }

        /** Returns what is wrong where a name is defined again with another value, and learns nothing. */
        @Nullable StepCheck conflict(String text) {
            Matcher matcher = DEFINITION.matcher(text);
            int at = 0;
            for (int n = 0; n < MOST_DEFINITIONS && matcher.find(at); n++) {
                String name = matcher.group(1);
                Rational known = values.get(name);
                Rational now = sides(text, matcher.end()).first();
                at = matcher.end();
                if (isTerm(text, matcher.start(1))) {
                    continue;
                }
                if (known != null && now != null && !known.equals(now)) {
                    return StepCheck.wrong(NAME, name + " had another value before", known.plain());
                }
            }
            return null;
        }

        /** Tells whether a name is the last term of a longer side, as in {@code 3 + p = 10}. */
        private static boolean isTerm(String text, int at) {
            int before = at - 1;
            while (before >= 0 && Character.isWhitespace(text.charAt(before)) && text.charAt(before) != '\n') {
                before--;
            }
            return before >= 0 && "+-−–*×·/÷^=%$".indexOf(text.charAt(before)) >= 0;
        }

        /** The first and the last value behind a definition: {@code A = (2 + 3) = 5}. */
        private record Sides(
                @Nullable Rational first, @Nullable Rational last) {}

        private Sides sides(String text, int from) {
            int newline = text.indexOf('\n', from);
            int end = Math.min(newline < 0 ? text.length() : newline, from + MOST_DEFINED);
            List<Token> tokens = Token.read(text.substring(from, end), NumberReading.POINT);
            Rational first = null;
            Rational last = null;
            int at = 0;
            while (at < tokens.size()) {
                int side = Equations.endOf(tokens, at, tokens.size(), values);
                Rational value = side < 0 ? null : Expression.value(tokens, at, side, Expression.PLAIN, values);
                if (value == null) {
                    break;
                }
                first = first == null ? value : first;
                last = value;
                if (side >= tokens.size() || !tokens.get(side).is(Token.Kind.EQUAL)) {
                    break;
                }
                at = side + 1;
            }
            return new Sides(first, last);
        }
    }
}
