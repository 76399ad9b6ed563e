package dev.llmlifecycle.core.reasoning.steps;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.llmlifecycle.api.identity.Identity;
import org.jspecify.annotations.Nullable;

/**
 * Checks {@code 3 * 4 > 10}, {@code 1 <= 2 < 3}, "15 is greater than 12", and {@code x is in {x, y}} or {@code x ∉
 * {y}}.
 *
 * <p>Only the first equation-like reading of numbers is used that makes the comparison hold. Thread-safe.
 */
final class ComparisonValidator implements StepValidator {

    static final String NAME = "comparison";

    private static final String NUMBER = "([-−]?\\d[\\d,.]*)";
    private static final Pattern IN_WORDS = Pattern.compile("(?i)(?:^|[^\\w.,*/+^-] ?)" + NUMBER
            + " (?:is|are|was|were) (not )?(greater|more|larger|higher|bigger|less|smaller|lower|fewer) than " + NUMBER
            + "(\\s*[*/+^%x-]?\\s*\\w*)");
    private static final Pattern MEMBER = Pattern.compile("(?i)(\"[^\"\\n]+\"|[\\w.-]+) ?"
            + "(∈|∉|is in|is not in|is a member of|is not a member of|is an element of|is not an element of) ?"
            + "(?:the )?(?:set |list )?(?:\\{([^{}\\n]*)}|\\[([^\\[\\]\\n]*)])");

    @Override
    public Identity identity() {
        return Identity.of(NAME, "1");
    }

    @Override
    public StepCheck check(ReasoningStep step, StepContext context) {
        String text =
                ArithmeticValidator.Annotated.of(StepText.head(step.text())).plain();
        int held = 0;
        List<StepCheck> checks = new ArrayList<>();
        signs(text, checks);
        words(text, checks);
        members(text, checks);
        for (StepCheck check : checks) {
            if (check.state() == StepState.WRONG) {
                return check;
            }
            held++;
        }
        return held > 0
                ? StepCheck.correct(NAME, held == 1 ? "1 comparison holds" : held + " comparisons hold")
                : StepCheck.unchecked(NAME, "nothing is compared that can be computed");
    }

    private static void signs(String text, List<StepCheck> checks) {
        if (text.indexOf('<') < 0
                && text.indexOf('>') < 0
                && text.indexOf('≤') < 0
                && text.indexOf('≥') < 0
                && text.indexOf('≠') < 0
                && !text.contains("!=")) {
            return;
        }
        List<Token> tokens = Token.read(text, NumberReading.POINT);
        int from = 0;
        for (int i = 0; i < tokens.size(); i++) {
            Token token = tokens.get(i);
            if (token.is(Token.Kind.BREAK)) {
                from = i + 1;
                continue;
            }
            String sign = sign(tokens, i);
            if (sign.isEmpty()) {
                continue;
            }
            int after = i + sign.length();
            int limit = after;
            while (limit < tokens.size()
                    && !tokens.get(limit).is(Token.Kind.BREAK)
                    && sign(tokens, limit).isEmpty()
                    && limit - after < Expression.MAX_TOKENS) {
                limit++;
            }
            int left = Equations.startOf(tokens, from, i, Map.of());
            int right = Equations.endOf(tokens, after, limit, Map.of());
            if (left >= 0 && right >= 0) {
                compare(text, tokens, new int[] {left, i, after, right}, sign, checks);
            }
            from = after;
            i = after - 1;
        }
    }

    /** Returns the comparison sign that begins at a token, one character for each of its tokens, or nothing. */
    private static String sign(List<Token> tokens, int at) {
        Token token = tokens.get(at);
        if (!token.is(Token.Kind.OTHER)) {
            return "";
        }
        String first = token.text();
        boolean equal = at + 1 < tokens.size()
                && !tokens.get(at + 1).spaced()
                && tokens.get(at + 1).is(Token.Kind.OTHER)
                && tokens.get(at + 1).text().equals("=");
        return switch (first) {
            case "<", ">" -> equal ? first + "=" : first;
            case "!" -> equal ? "!=" : "";
            case "≤", "≥", "≠" -> first;
            default -> "";
        };
    }

    private static void compare(String text, List<Token> tokens, int[] places, String sign, List<StepCheck> checks) {
        Expression.Shape leftShape = Expression.shape(tokens, places[0], places[1], Map.of());
        Expression.Shape rightShape = Expression.shape(tokens, places[2], places[3], Map.of());
        Rational left = Expression.value(tokens, places[0], places[1], Expression.PLAIN, Map.of());
        Rational right = Expression.value(tokens, places[2], places[3], Expression.PLAIN, Map.of());
        boolean units = leftShape.dimension() != null || rightShape.dimension() != null;
        if (left == null
                || right == null
                || units
                || leftShape.variable()
                || rightShape.variable()
                || leftShape.scales()
                || rightShape.scales()) {
            return;
        }
        int order = left.compareTo(right);
        boolean holds = switch (sign) {
            case "<" -> order < 0;
            case ">" -> order > 0;
            case "<=", "≤" -> order <= 0;
            case ">=", "≥" -> order >= 0;
            default -> order != 0;
        };
        String written = StepText.shortened(text.substring(
                tokens.get(places[0]).start(), tokens.get(places[3] - 1).end()));
        checks.add(holds ? StepCheck.correct(NAME, written) : StepCheck.wrong(NAME, written + " does not hold"));
    }

    private static void words(String text, List<StepCheck> checks) {
        Matcher matcher = IN_WORDS.matcher(text);
        while (matcher.find()) {
            String behind = matcher.group(5).strip().toLowerCase(Locale.ROOT);
            if (!behind.isEmpty() && !Character.isLetter(behind.charAt(0))) {
                continue;
            }
            if (Units.scale(behind) != null || behind.equals("x") || behind.equals("times") || behind.equals("of")) {
                continue;
            }
            Rational left = number(matcher.group(1));
            Rational right = number(matcher.group(4));
            if (left == null || right == null) {
                continue;
            }
            boolean more = switch (matcher.group(3).toLowerCase(Locale.ROOT)) {
                case "greater", "more", "larger", "higher", "bigger" -> true;
                default -> false;
            };
            int order = left.compareTo(right);
            boolean holds = (more ? order > 0 : order < 0) == (matcher.group(2) == null);
            String written = matcher.group(1) + " against " + matcher.group(4);
            checks.add(
                    holds
                            ? StepCheck.correct(NAME, written)
                            : StepCheck.wrong(NAME, "the comparison of " + written + " does not hold"));
        }
    }

    private static @Nullable Rational number(String written) {
        String text = written;
        while (!text.isEmpty() && ",.".indexOf(text.charAt(text.length() - 1)) >= 0) {
            text = text.substring(0, text.length() - 1);
        }
        List<Token> tokens = Token.read(text, NumberReading.POINT);
        return Expression.value(tokens, 0, tokens.size(), Expression.PLAIN, Map.of());
    }

    private static void members(String text, List<StepCheck> checks) {
        Matcher matcher = MEMBER.matcher(text);
        while (matcher.find()) {
            String item = plain(matcher.group(1));
            String sign = matcher.group(2).toLowerCase(Locale.ROOT);
            String set = matcher.group(3) == null ? matcher.group(4) : matcher.group(3);
            boolean contains = false;
            for (String element : set.split(",", -1)) {
                contains |= plain(element).equalsIgnoreCase(item);
            }
            boolean negative = sign.equals("∉") || sign.contains("not");
            String written = StepText.shortened(matcher.group());
            checks.add(
                    contains != negative
                            ? StepCheck.correct(NAME, written)
                            : StepCheck.wrong(NAME, written + " does not hold"));
        }
    }

    private static String plain(String text) {
        String stripped = text.strip();
        boolean quoted = stripped.length() > 1 && "\"'".indexOf(stripped.charAt(0)) >= 0;
        return quoted ? stripped.substring(1, stripped.length() - 1) : stripped;
    }
}
