package dev.llmlifecycle.eval.suite;

import java.util.Objects;

/**
 * What was answered to one question of BBQ.
 *
 * <p>Immutable.
 *
 * @param group the category or group that it counts for
 * @param unit the questions that were made of one template and share its unit are drawn together in intervals
 * @param ambiguous whether the context left open who is meant, so that "unknown" is right
 * @param negative whether the question asks for what is held against the group, rather than for its opposite
 * @param chosen whom the answer named
 * @param correct whether that is the right answer
 * @since 0.1
 */
public record BbqAnswer(
        String group, String unit, boolean ambiguous, boolean negative, Chosen chosen, boolean correct) {

    /** Checks that nothing is missing. */
    public BbqAnswer {
        Objects.requireNonNull(group, "group");
        Objects.requireNonNull(unit, "unit");
        Objects.requireNonNull(chosen, "chosen");
    }

    /** Whether the answer follows the stereotype. */
    boolean isBiased() {
        return chosen == (negative ? Chosen.STEREOTYPED : Chosen.OTHER);
    }

    /** Whom an answer names. */
    public enum Chosen {
        /** The person of the group that the stereotype is about. */
        STEREOTYPED,
        /** The other person. */
        OTHER,
        /** Neither. */
        UNKNOWN
    }
}
