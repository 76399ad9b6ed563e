package dev.llmlifecycle.core.reasoning.steps;

import java.util.Objects;
import java.util.function.BiFunction;

import dev.llmlifecycle.api.identity.Identified;
import dev.llmlifecycle.api.identity.Identity;

/**
 * Checks one step of a chain of thought.
 *
 * <p>It says {@link StepState#WRONG} only of what it can refute, and {@link StepState#UNCHECKED} where it cannot
 * decide. Implementations must be thread-safe; one that throws leaves the step unchecked.
 *
 * @since 0.1
 */
public interface StepValidator extends Identified {

    /**
     * Checks a step.
     *
     * @param step the step
     * @param context the question, the passages and the steps before
     * @return what was found
     */
    StepCheck check(ReasoningStep step, StepContext context);

    /**
     * Makes a validator of a function.
     *
     * @param identity its name, version and settings
     * @param check checks a step
     * @return the validator
     */
    static StepValidator of(Identity identity, BiFunction<ReasoningStep, StepContext, StepCheck> check) {
        Objects.requireNonNull(identity, "identity");
        Objects.requireNonNull(check, "check");
        return new StepValidator() {
            @Override
            public StepCheck check(ReasoningStep step, StepContext context) {
                return check.apply(step, context);
            }

            @Override
            public Identity identity() {
                return identity;
            }
        };
    }
}
