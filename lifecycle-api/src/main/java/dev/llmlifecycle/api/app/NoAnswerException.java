package dev.llmlifecycle.api.app;

import dev.llmlifecycle.api.LifecycleException;
import org.jspecify.annotations.Nullable;

/**
 * A question that was asked with {@link Answer#orElseThrow()} and has no answer.
 *
 * @since 0.1
 */
public final class NoAnswerException extends LifecycleException {

    private static final long serialVersionUID = 1L;

    private final transient @Nullable Outcome outcome;

    /**
     * Creates an exception.
     *
     * @param outcome how the question ended
     */
    public NoAnswerException(Outcome outcome) {
        super(
                "The question ended as " + outcome.label() + describe(outcome),
                outcome instanceof Outcome.Failed failed ? failed.cause().orElse(null) : null);
        this.outcome = outcome;
    }

    /**
     * Returns how the question ended.
     *
     * @return the outcome
     * @throws IllegalStateException on a copy that was serialised
     */
    public Outcome outcome() {
        if (outcome == null) {
            throw new IllegalStateException("the outcome is not carried over serialisation; read the message instead");
        }
        return outcome;
    }

    private static String describe(Outcome outcome) {
        if (outcome instanceof Outcome.Failed failed) {
            return " at step " + failed.step() + ": " + failed.text();
        }
        if (outcome instanceof Outcome.Blocked blocked) {
            return " by validator " + blocked.validator() + "; look at the findings of the answer";
        }
        return "; ask for Answer.outcome() where that is expected";
    }
}
