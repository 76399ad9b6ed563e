package dev.llmlifecycle.eval.experiment;

import java.util.Objects;

/**
 * What it took to get the answers of an experiment.
 *
 * <p>Immutable.
 *
 * @param spent what was used, by earlier runs too; a call that a killed run left without an answer counts with what was
 *     set aside for it
 * @param asked how many answers are of this run
 * @param restored how many are of earlier runs and were not asked for again
 * @param unanswered how many calls earlier runs had begun when they ended, whose answers nobody has
 * @since 0.1
 */
public record RunUse(Spending spent, int asked, int restored, int unanswered) {

    /** Checks that nothing is missing. */
    public RunUse {
        Objects.requireNonNull(spent, "spent");
    }
}
