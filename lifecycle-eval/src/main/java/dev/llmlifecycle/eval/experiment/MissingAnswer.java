package dev.llmlifecycle.eval.experiment;

import java.util.Objects;

/**
 * An answer that an experiment did not get, since it stopped before.
 *
 * <p>Immutable.
 *
 * @param arm the arm's name
 * @param exampleId the example
 * @param repeat which of the repeats, from 0
 * @since 0.1
 */
public record MissingAnswer(String arm, String exampleId, int repeat) {

    /** Checks that nothing is missing. */
    public MissingAnswer {
        Objects.requireNonNull(arm, "arm");
        Objects.requireNonNull(exampleId, "exampleId");
    }
}
