package dev.llmlifecycle.core.validation.privacy;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;

import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.validation.Finding;
import dev.llmlifecycle.api.validation.Remedy;
import dev.llmlifecycle.api.validation.ValidationContext;
import dev.llmlifecycle.api.validation.ValidationOutcome;
import dev.llmlifecycle.api.validation.Validator;

/**
 * Finds personal data and secrets in questions, answers, passages and what goes to and from tools, and masks them
 * unless told otherwise. Findings carry the type and the place, never the value.
 *
 * <p>By default web addresses, places and organisations pass: they are seldom personal by themselves.
 *
 * <p>Thread-safe. A sentence of a streamed answer is checked by itself.
 *
 * @since 0.1
 */
public final class PersonalDataValidator implements Validator {

    private static final String NAME = "personal-data";
    private static final String VERSION = "1";
    private static final Set<PersonalDataType> SELDOM_PERSONAL =
            Set.of(PersonalDataType.URL, PersonalDataType.LOCATION, PersonalDataType.ORGANISATION);

    private final PersonalDataScanner scanner;
    private final Finding.Severity severity;
    private final Action action;
    private final Identity identity;

    private PersonalDataValidator(Builder builder) {
        scanner = builder.scanner.orElseGet(() -> PersonalDataScanner.builder()
                .types(EnumSet.complementOf(EnumSet.copyOf(SELDOM_PERSONAL)))
                .build());
        severity = builder.severity;
        action = builder.action;
        identity = Identity.of(
                NAME,
                VERSION,
                Map.of(
                        "scanner",
                        scanner.identity().toCanonical(),
                        "action",
                        action.name,
                        "severity",
                        severity.name()));
    }

    /**
     * Starts a validator that masks.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Returns a validator of answers that puts values back in the place of their pseudonyms. It belongs after all
     * others, as it shows them what they should not see.
     *
     * @param pseudonyms finds the table of a conversation, such as by an attribute of the context
     * @return the validator
     */
    public static Validator restoring(Function<ValidationContext, Pseudonyms> pseudonyms) {
        Objects.requireNonNull(pseudonyms, "pseudonyms");
        return new PseudonymRestorer(pseudonyms);
    }

    @Override
    public Identity identity() {
        return identity;
    }

    /** Returns {@link Validator.Scope#SENTENCE}: nothing personal of a streamed answer goes out. */
    @Override
    public Scope scope() {
        return Scope.SENTENCE;
    }

    @Override
    public ValidationOutcome validate(String text, ValidationContext context) {
        BiFunction<String, PersonalData, Remedy> remedy = action.remedy.apply(context);
        List<Finding> findings = new ArrayList<>();
        for (PersonalData each : scanner.scan(text)) {
            String code = each.type() == PersonalDataType.SECRET ? "secret" : NAME;
            findings.add(new Finding(
                    NAME,
                    code,
                    severity,
                    "The text holds " + each.type() + " (" + each.scheme() + ")",
                    Optional.of(each.span()),
                    each.confidence(),
                    Optional.empty(),
                    remedy.apply(text, each)));
        }
        return ValidationOutcome.following(text, findings);
    }

    private record Action(String name, Function<ValidationContext, BiFunction<String, PersonalData, Remedy>> remedy) {}

    /** Builds a {@link PersonalDataValidator}. Not thread-safe. */
    public static final class Builder {

        private Optional<PersonalDataScanner> scanner = Optional.empty();
        private Finding.Severity severity = Finding.Severity.ERROR;
        private Action action = new Action(
                "mask", context -> (text, found) -> new Remedy.Replace(PersonalDataScanner.placeholder(found)));

        private Builder() {}

        /**
         * Sets what is looked for. Default: all types but web addresses, places and organisations.
         *
         * @param what a scanner
         * @return this builder
         */
        public Builder scanner(PersonalDataScanner what) {
            scanner = Optional.of(what);
            return this;
        }

        /**
         * Puts pseudonyms in the place of what is found, instead of masks. {@link #restoring} takes them back.
         *
         * @param pseudonyms finds the table of a conversation, such as by an attribute of the context
         * @return this builder
         */
        public Builder pseudonyms(Function<ValidationContext, Pseudonyms> pseudonyms) {
            Objects.requireNonNull(pseudonyms, "pseudonyms");
            action = new Action("pseudonyms", context -> {
                Pseudonyms table = pseudonyms.apply(context);
                return (text, found) -> new Remedy.Replace(table.pseudonym(text, found));
            });
            return this;
        }

        /**
         * Refuses a text with personal data instead of masking it.
         *
         * @param reason what the user is told, never blank
         * @return this builder
         */
        public Builder refuses(String reason) {
            Remedy refusal = new Remedy.Refuse(reason);
            action = new Action("refuse: " + reason, context -> (text, found) -> refusal);
            return this;
        }

        /**
         * Sets how bad a finding is. Default: {@link Finding.Severity#ERROR}; below that the text stays as it is.
         *
         * @param how the severity
         * @return this builder
         */
        public Builder severity(Finding.Severity how) {
            severity = Objects.requireNonNull(how, "how");
            return this;
        }

        /**
         * Builds the validator.
         *
         * @return the validator
         */
        public PersonalDataValidator build() {
            return new PersonalDataValidator(this);
        }
    }
}
