package dev.llmlifecycle.api.validation;

import java.util.Objects;
import java.util.Optional;

import dev.llmlifecycle.api.text.TextSpan;

/**
 * Something that a validator noticed in a question or an answer.
 *
 * <p>Immutable.
 *
 * @param validator the name of the validator
 * @param code what was noticed, stable and machine-readable, such as {@code ungrounded-sentence}
 * @param severity how bad it is
 * @param message what was noticed, for people; it may quote the checked text, so it goes where answers go, not into
 *     logs
 * @param span where in the checked text, if it has a place
 * @param confidence how sure the validator is, as a calibrated probability in [0, 1]; 1 where a rule decides
 * @param evidence what the finding rests on, such as the sentence of a passage or the numbers that differ; like the
 *     message it may quote the text
 * @param remedy what the validator proposes to do
 * @since 0.1
 */
public record Finding(
        String validator,
        String code,
        Severity severity,
        String message,
        Optional<TextSpan> span,
        double confidence,
        Optional<String> evidence,
        Remedy remedy) {

    /** Checks that nothing is missing. */
    public Finding {
        Objects.requireNonNull(validator, "validator");
        Objects.requireNonNull(code, "code");
        Objects.requireNonNull(severity, "severity");
        Objects.requireNonNull(message, "message");
        Objects.requireNonNull(span, "span");
        if (!(confidence >= 0 && confidence <= 1)) {
            throw new IllegalArgumentException("the confidence of finding '" + code + "' of validator '" + validator
                    + "' must be in [0, 1] but was " + confidence + "; give a probability");
        }
        Objects.requireNonNull(evidence, "evidence");
        Objects.requireNonNull(remedy, "remedy");
    }

    /**
     * Creates a finding that is certain, without evidence or remedy.
     *
     * @param validator the name of the validator
     * @param code what was noticed, stable and machine-readable
     * @param severity how bad it is
     * @param message what was noticed, for people
     * @param span where in the checked text, if it has a place
     */
    public Finding(String validator, String code, Severity severity, String message, Optional<TextSpan> span) {
        this(validator, code, severity, message, span, 1, Optional.empty(), Remedy.none());
    }

    /**
     * Creates a finding without a place, that is certain, without evidence or remedy.
     *
     * @param validator the name of the validator
     * @param code what was noticed, stable and machine-readable
     * @param severity how bad it is
     * @param message what was noticed, for people
     * @return the finding
     */
    public static Finding of(String validator, String code, Severity severity, String message) {
        return new Finding(validator, code, severity, message, Optional.empty());
    }

    /**
     * Returns this finding with a place.
     *
     * @param place where in the checked text
     * @return the finding
     */
    public Finding withSpan(TextSpan place) {
        return new Finding(validator, code, severity, message, Optional.of(place), confidence, evidence, remedy);
    }

    /**
     * Returns this finding with another confidence.
     *
     * @param probability how sure the validator is, in [0, 1]
     * @return the finding
     */
    public Finding withConfidence(double probability) {
        return new Finding(validator, code, severity, message, span, probability, evidence, remedy);
    }

    /**
     * Returns this finding with evidence.
     *
     * @param text what the finding rests on
     * @return the finding
     */
    public Finding withEvidence(String text) {
        return new Finding(validator, code, severity, message, span, confidence, Optional.of(text), remedy);
    }

    /**
     * Returns this finding with another severity.
     *
     * @param other how bad it is
     * @return the finding
     */
    public Finding withSeverity(Severity other) {
        return new Finding(validator, code, other, message, span, confidence, evidence, remedy);
    }

    /**
     * Returns this finding with a remedy.
     *
     * @param proposal what the validator proposes to do
     * @return the finding
     */
    public Finding withRemedy(Remedy proposal) {
        return new Finding(validator, code, severity, message, span, confidence, evidence, proposal);
    }

    /** How bad a finding is. */
    public enum Severity {
        /** Worth knowing. */
        INFO,
        /** Worth a look. */
        WARNING,
        /** Not acceptable. */
        ERROR
    }
}
