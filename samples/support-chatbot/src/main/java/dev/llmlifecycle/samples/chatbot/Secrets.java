package dev.llmlifecycle.samples.chatbot;

import java.util.List;
import java.util.regex.Pattern;

/** Tells lines that had better not be kept; it would rather forget one too many. */
final class Secrets {

    private static final List<Pattern> SIGNS = List.of(
            // A word for a secret with a value behind it.
            Pattern.compile(
                    "(?i)\\b(?:pass(?:word|wort|phrase)|pin|cvv|api[ _-]?key|token|secret)\\b\\s*(?:is|=|:)\\s*\\S"),
            // The shapes of well-known keys.
            Pattern.compile("\\b(?:sk|pk|rk|gh[opsu]|glpat|xox[abprs]|hf)[-_][-_A-Za-z0-9]{8,}|\\bAKIA[A-Z0-9]{12,}"),
            // Long words of letters and digits.
            Pattern.compile("(?<!\\S)(?=\\S*\\d)(?=\\S*[A-Za-z])[A-Za-z0-9+/_=.-]{24,}"),
            // Bank accounts, and as many digits as a card has.
            Pattern.compile("\\b[A-Z]{2}\\d{2}(?: ?[A-Z0-9]){11,30}\\b"),
            Pattern.compile("\\b\\d(?:[ -]?\\d){12,18}\\b"));

    private Secrets() {}

    /** Tells whether a line holds what looks like a secret. */
    static boolean standIn(String line) {
        return SIGNS.stream().anyMatch(sign -> sign.matcher(line).find());
    }
}
