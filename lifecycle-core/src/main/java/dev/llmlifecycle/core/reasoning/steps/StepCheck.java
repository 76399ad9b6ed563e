package dev.llmlifecycle.core.reasoning.steps;

import java.util.Objects;
import java.util.Optional;

/**
 * What one validator says of one step.
 *
 * <p>Immutable.
 *
 * @param state what it concluded
 * @param validator the name of the validator
 * @param evidence what it looked at, or why it could not decide; may quote the step
 * @param expected what should stand there, where that is known
 * @since 0.1
 */
public record StepCheck(StepState state, String validator, String evidence, Optional<String> expected) {

    /** Checks for null. */
    public StepCheck {
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(validator, "validator");
        Objects.requireNonNull(evidence, "evidence");
        Objects.requireNonNull(expected, "expected");
    }

    /**
     * Confirms a step.
     *
     * @param validator the name of the validator
     * @param evidence what was checked
     * @return the check
     */
    public static StepCheck correct(String validator, String evidence) {
        return new StepCheck(StepState.CORRECT, validator, evidence, Optional.empty());
    }

    /**
     * Refutes a step.
     *
     * @param validator the name of the validator
     * @param evidence what does not hold
     * @return the check
     */
    public static StepCheck wrong(String validator, String evidence) {
        return new StepCheck(StepState.WRONG, validator, evidence, Optional.empty());
    }

    /**
     * Refutes a step and says what is right.
     *
     * @param validator the name of the validator
     * @param evidence what does not hold
     * @param expected what should stand there
     * @return the check
     */
    public static StepCheck wrong(String validator, String evidence, String expected) {
        return new StepCheck(StepState.WRONG, validator, evidence, Optional.of(expected));
    }

    /**
     * Leaves a step undecided.
     *
     * @param validator the name of the validator
     * @param reason why
     * @return the check
     */
    public static StepCheck unchecked(String validator, String reason) {
        return new StepCheck(StepState.UNCHECKED, validator, reason, Optional.empty());
    }
}
