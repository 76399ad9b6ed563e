package dev.llmlifecycle.core.validation.business;

import java.util.Map;
import java.util.Objects;

import dev.llmlifecycle.api.validation.Finding;

/**
 * What all rules have: a name, a weight, somebody who answers for it, a reason, and when it holds.
 *
 * <p>Immutable.
 *
 * @param id unique among the rules of one {@link BusinessRules}; the code of its findings. Letters, digits, dots and
 *     hyphens
 * @param severity how bad a breach is; only {@link Finding.Severity#ERROR} decides
 * @param owner who answers for the rule, such as a department; empty where nobody is named
 * @param reason why there is the rule; empty where it needs none
 * @param when when it holds
 * @since 0.1
 */
public record RuleTerms(String id, Finding.Severity severity, String owner, String reason, RuleCondition when) {

    private static final int LONGEST_ID = 100;

    /** Checks the id. */
    public RuleTerms {
        if (!isId(Objects.requireNonNull(id, "id"))) {
            throw new IllegalArgumentException("the id '" + id.substring(0, Math.min(id.length(), LONGEST_ID))
                    + "' of a rule is blank, longer than " + LONGEST_ID
                    + " or has other signs than letters, digits, '.', '_' and '-'; write one such as 'no-guarantee'");
        }
        Objects.requireNonNull(severity, "severity");
        Objects.requireNonNull(owner, "owner");
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(when, "when");
    }

    /**
     * Creates the terms of an error without owner and reason, that always holds.
     *
     * @param id the id
     * @return the terms
     */
    public static RuleTerms of(String id) {
        return new RuleTerms(id, Finding.Severity.ERROR, "", "", RuleCondition.always());
    }

    static boolean isId(String id) {
        return !id.isEmpty()
                && id.length() <= LONGEST_ID
                && id.chars()
                        .allMatch(c -> (c >= 'a' && c <= 'z')
                                || (c >= 'A' && c <= 'Z')
                                || (c >= '0' && c <= '9')
                                || c == '-'
                                || c == '_'
                                || c == '.');
    }

    Map<String, Object> toCanonical() {
        return Map.of(
                "id", id, "severity", severity.name(), "owner", owner, "reason", reason, "when", when.toCanonical());
    }
}
