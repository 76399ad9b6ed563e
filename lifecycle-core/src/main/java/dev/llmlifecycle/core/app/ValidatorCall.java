package dev.llmlifecycle.core.app;

import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.validation.ValidationContext;
import dev.llmlifecycle.api.validation.ValidationOutcome;
import dev.llmlifecycle.api.validation.Validator;

/** Asks a validator, and names it when it fails: a text that could not be checked does not go through. */
final class ValidatorCall {

    private ValidatorCall() {}

    static ValidationOutcome validate(Validator validator, String text, ValidationContext context) {
        ValidationOutcome outcome;
        try {
            outcome = validator.validate(text, context);
        } catch (LifecycleException e) {
            throw new LifecycleException("Validator '" + name(validator) + "' failed: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            throw new LifecycleException(
                    "Validator '" + name(validator) + "' failed with " + Failures.name(e)
                            + "; mend it, or deploy a release without it",
                    e);
        }
        if (outcome == null) {
            throw new LifecycleException("Validator '" + name(validator)
                    + "' returned no outcome; return ValidationOutcome.pass() where there is nothing to say");
        }
        return outcome;
    }

    private static String name(Validator validator) {
        return validator.identity().name();
    }
}
