package dev.llmlifecycle.core.reasoning.steps;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A step and all that was found about it.
 *
 * <p>Immutable.
 *
 * @param step the step
 * @param checks what each validator said, in their order
 * @since 0.1
 */
public record CheckedStep(ReasoningStep step, List<StepCheck> checks) {

    /** Copies. */
    public CheckedStep {
        Objects.requireNonNull(step, "step");
        checks = List.copyOf(checks);
    }

    /**
     * Tells what is known of the step: wrong when one check refutes it, else correct when one confirms it, else
     * unchecked.
     *
     * @return the state
     */
    public StepState state() {
        StepState state = StepState.UNCHECKED;
        for (StepCheck check : checks) {
            if (check.state() == StepState.WRONG) {
                return StepState.WRONG;
            }
            if (check.state() == StepState.CORRECT) {
                state = StepState.CORRECT;
            }
        }
        return state;
    }

    /**
     * Returns the first check that refutes the step.
     *
     * @return nothing when none does
     */
    public Optional<StepCheck> failure() {
        return checks.stream().filter(check -> check.state() == StepState.WRONG).findFirst();
    }
}
