package dev.llmlifecycle.core.validation.safety;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.text.TextSpan;
import dev.llmlifecycle.api.validation.Finding;
import dev.llmlifecycle.api.validation.Remedy;
import dev.llmlifecycle.api.validation.ValidationContext;
import dev.llmlifecycle.api.validation.ValidationOutcome;
import dev.llmlifecycle.api.validation.Validator;

/**
 * Refuses questions that try to talk the model out of its instructions, and takes sentences out of passages and tool
 * results that tell the model what to do. Answers and arguments of tools pass.
 *
 * <p>One signal among several, and no guarantee: {@code docs/safety.md} says how often it is right. Thread-safe.
 *
 * @since 0.1
 */
public final class InjectionValidator implements Validator {

    private static final String NAME = "injection";
    private static final String VERSION = "1";
    private static final String REMOVED = "[removed]";
    private static final String REASON =
            "This request cannot be answered as it asks to set aside the assistant's rules.";

    private final InjectionDetector detector;
    private final double promptThreshold;
    private final double instructionThreshold;
    private final Identity identity;

    private InjectionValidator(Builder builder) {
        detector = builder.detector.orElseGet(InjectionDetector::shipped);
        promptThreshold = builder.promptThreshold;
        instructionThreshold = builder.instructionThreshold;
        identity = Identity.of(
                NAME,
                VERSION,
                Map.of(
                        "prompts",
                        detector.promptsIdentity().toCanonical(),
                        "sentences",
                        detector.sentencesIdentity().toCanonical(),
                        "promptThreshold",
                        promptThreshold,
                        "instructionThreshold",
                        instructionThreshold));
    }

    /**
     * Starts a validator with the shipped classifiers.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public Identity identity() {
        return identity;
    }

    @Override
    public ValidationOutcome validate(String text, ValidationContext context) {
        List<Finding> findings = switch (context.subject()) {
            case QUESTION -> question(text);
            case PASSAGE, TOOL_RESULT -> passage(text);
            case ANSWER, TOOL_ARGUMENTS -> List.of();
        };
        return ValidationOutcome.following(text, findings);
    }

    private List<Finding> question(String text) {
        double score = detector.promptScore(text);
        return score <= promptThreshold
                ? List.of()
                : List.of(finding(
                        "prompt-injection",
                        "The question looks like an attempt to set the instructions aside",
                        new TextSpan(0, text.length()),
                        score,
                        new Remedy.Refuse(REASON)));
    }

    /** All sentences that look like instructions; one that was disguised takes the whole passage with it. */
    private List<Finding> passage(String text) {
        return detector.instructions(text, instructionThreshold).stream()
                .map(each -> finding(
                        "instruction-in-passage",
                        "A sentence looks like an instruction to the model",
                        each.span(),
                        each.probability(),
                        new Remedy.Replace(REMOVED)))
                .toList();
    }

    private static Finding finding(String code, String message, TextSpan span, double score, Remedy remedy) {
        return new Finding(
                NAME, code, Finding.Severity.ERROR, message, Optional.of(span), score, Optional.empty(), remedy);
    }

    /** Builds an {@link InjectionValidator}. Not thread-safe. */
    public static final class Builder {

        private Optional<InjectionDetector> detector = Optional.empty();
        private double promptThreshold = 0.5;
        private double instructionThreshold = 0.6;

        private Builder() {}

        /**
         * Sets what judges. Default: the shipped classifiers.
         *
         * @param judge a detector
         * @return this builder
         */
        public Builder detector(InjectionDetector judge) {
            detector = Optional.of(Objects.requireNonNull(judge, "judge"));
            return this;
        }

        /**
         * Sets the probability above which a question is refused. Default: 0.5.
         *
         * @param probability in [0, 1]
         * @return this builder
         */
        public Builder promptThreshold(double probability) {
            promptThreshold = requireProbability(probability, "a question is refused");
            return this;
        }

        /**
         * Sets the probability above which a sentence is taken out of a passage. Default: 0.6: a page has many
         * sentences.
         *
         * @param probability in [0, 1]
         * @return this builder
         */
        public Builder instructionThreshold(double probability) {
            instructionThreshold = requireProbability(probability, "a sentence is taken out");
            return this;
        }

        private static double requireProbability(double value, String what) {
            if (!(value >= 0 && value <= 1)) {
                throw new IllegalArgumentException(String.format(
                        Locale.ROOT,
                        "the probability above which %s must be in [0, 1] but was %s; leave it out if unsure",
                        what,
                        value));
            }
            return value;
        }

        /**
         * Builds the validator.
         *
         * @return the validator
         */
        public InjectionValidator build() {
            return new InjectionValidator(this);
        }
    }
}
