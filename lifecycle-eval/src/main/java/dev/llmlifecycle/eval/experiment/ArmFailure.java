package dev.llmlifecycle.eval.experiment;

import java.util.Objects;

import dev.llmlifecycle.api.app.Outcome;

/**
 * An example on which an arm failed instead of answering; it counts as not passed under every metric.
 *
 * <p>Immutable.
 *
 * @param arm the arm's name
 * @param exampleId the example
 * @param outcome what failed
 * @since 0.1
 */
public record ArmFailure(String arm, String exampleId, Outcome.Failed outcome) {

    /** Checks that nothing is missing. */
    public ArmFailure {
        Objects.requireNonNull(arm, "arm");
        Objects.requireNonNull(exampleId, "exampleId");
        Objects.requireNonNull(outcome, "outcome");
    }
}
