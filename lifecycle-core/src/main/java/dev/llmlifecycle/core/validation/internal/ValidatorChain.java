package dev.llmlifecycle.core.validation.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.validation.Finding;
import dev.llmlifecycle.api.validation.ValidationContext;
import dev.llmlifecycle.api.validation.ValidationOutcome;
import dev.llmlifecycle.api.validation.Validator;
import dev.llmlifecycle.core.validation.PolicyMember;
import dev.llmlifecycle.core.validation.ValidationPolicy;

/**
 * Validators one after the other, each on what the one before left, until one refuses. One that throws is named, and
 * lets nothing through.
 *
 * <p>Immutable.
 *
 * @since 0.1
 */
public final class ValidatorChain {

    private final List<Validator> validators;

    private ValidatorChain(List<Validator> validators) {
        this.validators = List.copyOf(validators);
    }

    /**
     * Makes a chain.
     *
     * @param validators the validators, in order; possibly none
     * @return the chain
     */
    public static ValidatorChain of(List<Validator> validators) {
        return new ValidatorChain(validators);
    }

    /**
     * Returns the validators of this chain that judge so much of a text at once, with the parts of policies that do.
     *
     * @param scope the scope
     * @return a chain, possibly an empty one
     */
    public ValidatorChain part(Validator.Scope scope) {
        return new ValidatorChain(
                validators.stream().flatMap(validator -> part(validator, scope)).toList());
    }

    private static Stream<Validator> part(Validator validator, Validator.Scope scope) {
        if (validator instanceof ValidationPolicy policy) {
            return policy.part(scope).map(Validator.class::cast).stream();
        }
        return validator.scope() == scope ? Stream.of(validator) : Stream.empty();
    }

    /**
     * Tells whether there is nobody to ask.
     *
     * @return true without validators
     */
    public boolean isEmpty() {
        return validators.isEmpty();
    }

    /**
     * Returns the names of the validators.
     *
     * @return the names, with commas between them
     */
    public String names() {
        return validators.stream().map(ValidatorChain::name).collect(Collectors.joining(", "));
    }

    /**
     * Returns who decides: the validators, and the members of policies.
     *
     * @return their identities, a policy's before those of its members
     */
    public List<Identity> identities() {
        return validators.stream().flatMap(ValidatorChain::identities).toList();
    }

    private static Stream<Identity> identities(Validator validator) {
        Stream<Identity> own = Stream.of(validator.identity());
        return validator instanceof ValidationPolicy policy
                ? Stream.concat(
                        own,
                        policy.members().stream().map(PolicyMember::validator).flatMap(ValidatorChain::identities))
                : own;
    }

    /**
     * Runs the validators.
     *
     * @param text the text
     * @param contextOf returns the context for the text as it stands
     * @param found takes the findings of each validator
     * @return what they left
     * @throws LifecycleException when one fails; the message names it
     */
    public Result run(String text, Function<String, ValidationContext> contextOf, Consumer<List<Finding>> found) {
        String current = text;
        List<String> rewrittenBy = new ArrayList<>();
        for (Validator validator : validators) {
            ValidationOutcome outcome = validate(validator, current, contextOf.apply(current));
            found.accept(outcome.findings());
            if (outcome instanceof ValidationOutcome.Rewrite rewrite) {
                current = rewrite.text();
                rewrittenBy.add(name(validator));
            } else if (!(outcome instanceof ValidationOutcome.Pass)) {
                return new Result(current, rewrittenBy, Optional.of(new Refusal(name(validator), outcome)));
            }
        }
        return new Result(current, rewrittenBy, Optional.empty());
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
                            + e.getClass().getSimpleName()
                            + "; mend it, leave it out, or let a validation policy decide what then happens",
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
     * @param rewrittenBy the names of those who changed it, in order
     * @param refusal why it may not be used, if so
     */
    public record Result(String text, List<String> rewrittenBy, Optional<Refusal> refusal) {

        /** Copies. */
        public Result {
            rewrittenBy = List.copyOf(rewrittenBy);
        }
    }

    /**
     * A validator's no.
     *
     * @param validator its name
     * @param outcome a retry or a block
     */
    public record Refusal(String validator, ValidationOutcome outcome) {

        /**
         * Returns what the user may be told.
         *
         * @return the reason of a block, the instruction of a retry
         */
        public String text() {
            return outcome instanceof ValidationOutcome.Retry retry
                    ? retry.instruction()
                    : ((ValidationOutcome.Block) outcome).reason();
        }

        /**
         * Says who refused and which codes were found, without a word of the text.
         *
         * @return a sentence without a full stop
         */
        public String describe() {
            String codes =
                    outcome.findings().stream().map(Finding::code).distinct().collect(Collectors.joining(", "));
            return "Validator '" + validator + "' refused" + (codes.isEmpty() ? "" : " (" + codes + ")");
        }
    }
}
