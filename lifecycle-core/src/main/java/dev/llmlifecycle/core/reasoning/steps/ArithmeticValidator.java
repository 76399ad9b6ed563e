package dev.llmlifecycle.core.reasoning.steps;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.llmlifecycle.api.identity.Identity;

/**
 * Checks the equations of a step, exactly: with fractions of whole numbers of any size, never with floating point.
 *
 * <p>Read are {@code 16 - 3 - 4 = 9 eggs}, chains {@code a = b = c} (each pair), annotations {@code <<48/2=24>>},
 * percentages, fractions, mixed numbers, currencies, words behind numbers, units that convert ({@code 2 km + 300 m =
 * 2300 m}), {@code ×}, {@code ·}, {@code ÷}, {@code x} between numbers. Separators of thousands and decimals are those
 * of any locale: where several readings are possible, an equation fails only when it fails in all of them. A result
 * with at least {@code roundedFrom} decimals may be rounded in its last place (half a unit), and any behind {@code ≈}.
 *
 * <p>A step is wrong when one equation fails, correct when one holds and none fails, else unchecked. Equations whose
 * ends the text does not tell (a letter for a number, "half of 10 + 5 = 10") are not decided.
 *
 * <p>Linear in the step. Thread-safe.
 */
final class ArithmeticValidator implements StepValidator {

    static final String NAME = "arithmetic";

    private final int roundedFrom;
    private final Equations equations;

    ArithmeticValidator(int roundedFrom) {
        this.roundedFrom = roundedFrom;
        this.equations = new Equations(roundedFrom);
    }

    @Override
    public Identity identity() {
        return Identity.of(NAME, "1", Map.of("roundedFrom", roundedFrom));
    }

    @Override
    public StepCheck check(ReasoningStep step, StepContext context) {
        Annotated annotated = Annotated.of(step.text());
        int held = 0;
        for (String body : annotated.bodies()) {
            Equations.Equation equation = equations.strict(body);
            if (equation.truth() == Equations.Truth.FAILS) {
                return wrong("<<" + body + ">>", equation);
            }
            held += equation.truth() == Equations.Truth.HOLDS ? 1 : 0;
        }
        for (Equations.Equation equation : equations.in(annotated.plain())) {
            if (equation.truth() == Equations.Truth.FAILS) {
                return wrong(annotated.plain().substring(equation.start(), equation.end()), equation);
            }
            held += equation.truth() == Equations.Truth.HOLDS ? 1 : 0;
        }
        return held > 0
                ? StepCheck.correct(NAME, held == 1 ? "1 equation holds" : held + " equations hold")
                : StepCheck.unchecked(NAME, "no equation whose both sides can be computed");
    }

    private static StepCheck wrong(String written, Equations.Equation equation) {
        String quoted = StepText.shortened(written);
        return equation.expected().isEmpty()
                ? StepCheck.wrong(NAME, quoted + " does not hold")
                : StepCheck.wrong(NAME, quoted + " does not hold", equation.expected());
    }

    /**
     * A text without its annotations.
     *
     * @param plain the text, annotations taken out
     * @param bodies what stood between {@code <<} and {@code >>}
     */
    record Annotated(String plain, List<String> bodies) {

        static Annotated of(String text) {
            int open = text.indexOf("<<");
            if (open < 0) {
                return new Annotated(text, List.of());
            }
            StringBuilder plain = new StringBuilder();
            List<String> bodies = new ArrayList<>();
            int at = 0;
            while (open >= 0) {
                int newline = text.indexOf('\n', open);
                int limit = newline < 0 ? text.length() : newline;
                int close = closing(text, open + 2, limit);
                if (close >= 0) {
                    plain.append(text, at, open);
                    bodies.add(text.substring(open + 2, close));
                    at = close + 2;
                    limit = at;
                }
                open = text.indexOf("<<", limit);
            }
            return new Annotated(plain.append(text, at, text.length()).toString(), bodies);
        }

        private static int closing(String text, int from, int limit) {
            for (int i = from; i + 1 < limit; i++) {
                if (text.charAt(i) == '>' && text.charAt(i + 1) == '>') {
                    return i;
                }
            }
            return -1;
        }
    }
}
