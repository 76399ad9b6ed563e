package dev.llmlifecycle.api.validation;

import java.util.Objects;
import java.util.function.BiFunction;

import dev.llmlifecycle.api.identity.Identified;
import dev.llmlifecycle.api.identity.Identity;

/**
 * Checks a question before it is answered, or an answer before it is given.
 *
 * <p>Implementations must be thread-safe and may block. One that throws does not let the text through: the question
 * fails with the validator's name.
 *
 * @since 0.1
 */
public interface Validator extends Identified {

    /**
     * Checks a text.
     *
     * @param text the question or the answer, never blank
     * @param context what else may be looked at
     * @return the decision with its findings
     */
    ValidationOutcome validate(String text, ValidationContext context);

    /**
     * Tells how much of a streamed answer this validator must see at once.
     *
     * @return {@link Scope#ANSWER} unless overridden
     */
    default Scope scope() {
        return Scope.ANSWER;
    }

    /**
     * Names a lambda, so that a release can cover it.
     *
     * @param identity its name, version and configuration
     * @param check the check
     * @return a validator of whole answers
     */
    static Validator of(Identity identity, BiFunction<String, ValidationContext, ValidationOutcome> check) {
        Objects.requireNonNull(identity, "identity");
        Objects.requireNonNull(check, "check");
        return new Validator() {
            @Override
            public ValidationOutcome validate(String text, ValidationContext context) {
                return check.apply(text, context);
            }

            @Override
            public Identity identity() {
                return identity;
            }
        };
    }

    /** How much of a streamed answer a validator must see at once. */
    enum Scope {
        /** A sentence can be judged alone: it is held back until it has passed. */
        SENTENCE,
        /** Only the whole answer can be judged: what was streamed is retracted when it does not pass. */
        ANSWER
    }
}
