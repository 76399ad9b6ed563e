package dev.llmlifecycle.core.langchain4j;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.validation.Finding;
import dev.llmlifecycle.api.validation.ValidationContext;
import dev.llmlifecycle.api.validation.ValidationOutcome;
import dev.llmlifecycle.api.validation.Validator;

/** Runs validators one after the other, each on what the one before left, until one refuses. */
final class ValidatorChain {

    private final List<Validator> validators;

    ValidatorChain(List<Validator> validators) {
        this.validators = List.copyOf(validators);
        if (this.validators.isEmpty()) {
            throw new IllegalArgumentException("a guardrail has no validator; give it at least one");
        }
    }

    Result run(String text, Function<String, ValidationContext> contextOf) {
        String current = text;
        for (Validator validator : validators) {
            ValidationOutcome outcome = validate(validator, current, contextOf.apply(current));
            if (outcome instanceof ValidationOutcome.Rewrite rewrite) {
                current = rewrite.text();
            } else if (!(outcome instanceof ValidationOutcome.Pass)) {
                return new Result(current, Optional.of(new Refusal(name(validator), outcome)));
            }
        }
        return new Result(current, Optional.empty());
    }

    /** Returns the names of the validators, for the events that LangChain4j fires. */
    String names() {
        return validators.stream().map(ValidatorChain::name).collect(Collectors.joining(", "));
    }

    private static ValidationOutcome validate(Validator validator, String text, ValidationContext context) {
        ValidationOutcome outcome;
        try {
            outcome = validator.validate(text, context);
        } catch (LifecycleException e) {
            throw new LifecycleException("Validator '" + name(validator) + "' failed: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            throw new LifecycleException(
                    "Validator '" + name(validator) + "' failed with "
                            + e.getClass().getSimpleName() + "; mend it, or leave it out",
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

    /**
     * What the validators left.
     *
     * @param text the text as it may be used
     * @param refusal why it may not be used, if so
     */
    record Result(String text, Optional<Refusal> refusal) {}

    /**
     * A validator's no.
     *
     * @param validator its name
     * @param outcome a retry or a block
     */
    record Refusal(String validator, ValidationOutcome outcome) {

        /** Says who refused and which codes were found, without a word of the text. */
        String describe() {
            String codes =
                    outcome.findings().stream().map(Finding::code).distinct().collect(Collectors.joining(", "));
            return "Validator '" + validator + "' refused" + (codes.isEmpty() ? "" : " (" + codes + ")");
        }
    }
}
