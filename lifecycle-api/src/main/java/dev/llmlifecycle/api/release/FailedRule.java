package dev.llmlifecycle.api.release;

import java.util.Objects;

/**
 * A rule that a promotion does not satisfy, with what is wrong and what to do.
 *
 * <p>Immutable.
 *
 * @param rule the rule
 * @param problem what was found
 * @param remedy what to do
 * @since 0.1
 */
public record FailedRule(PromotionRule rule, String problem, String remedy) {

    /** Checks the parts. */
    public FailedRule {
        Objects.requireNonNull(rule, "rule");
        Objects.requireNonNull(problem, "problem");
        Objects.requireNonNull(remedy, "remedy");
    }

    /** Returns problem and remedy, for people. */
    @Override
    public String toString() {
        return problem + "; " + remedy;
    }
}
