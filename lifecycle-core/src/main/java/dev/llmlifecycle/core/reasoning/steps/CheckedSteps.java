package dev.llmlifecycle.core.reasoning.steps;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A chain of thought with what was found about each of its steps.
 *
 * <p>Immutable.
 *
 * @param text the whole, as the model wrote it
 * @param steps its steps, in order
 * @since 0.1
 */
public record CheckedSteps(String text, List<CheckedStep> steps) {

    /** Copies. */
    public CheckedSteps {
        Objects.requireNonNull(text, "text");
        steps = List.copyOf(steps);
    }

    /**
     * Locates the first wrong step.
     *
     * @return nothing when none was refuted
     */
    public Optional<CheckedStep> firstWrong() {
        return steps.stream().filter(step -> step.state() == StepState.WRONG).findFirst();
    }

    /**
     * Counts the steps in a state.
     *
     * @param state the state
     * @return how many
     */
    public int count(StepState state) {
        return (int) steps.stream().filter(step -> step.state() == state).count();
    }
}
