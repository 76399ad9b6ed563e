package dev.llmlifecycle.core.reasoning.steps;

/**
 * What is known of a step.
 *
 * @since 0.1
 */
public enum StepState {
    /** Something in it was checked, and all that was checked holds. */
    CORRECT,
    /** Something in it does not hold. */
    WRONG,
    /** Nothing in it could be decided. This is no praise. */
    UNCHECKED
}
