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
 * @since 0.1
 */
public record Finding(String validator, String code, Severity severity, String message, Optional<TextSpan> span) {

    /** Checks that nothing is missing. */
    public Finding {
        Objects.requireNonNull(validator, "validator");
        Objects.requireNonNull(code, "code");
        Objects.requireNonNull(severity, "severity");
        Objects.requireNonNull(message, "message");
        Objects.requireNonNull(span, "span");
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
