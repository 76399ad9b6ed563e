package dev.llmlifecycle.core.validation.privacy;

import java.util.Objects;

import dev.llmlifecycle.api.text.TextSpan;

/**
 * Personal data at a place of a text. It does not hold the text itself, so it may go into logs.
 *
 * <p>Immutable.
 *
 * @param type what it is
 * @param scheme which of its type, such as {@code us-ssn} or {@code github-token}; the type in lower case where there
 *     is only one
 * @param span where it stands
 * @param confidence how sure the scanner is, in [0, 1]: an order, not a calibrated probability
 * @since 0.1
 */
public record PersonalData(PersonalDataType type, String scheme, TextSpan span, double confidence) {

    /** Checks for null and the range. */
    public PersonalData {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(scheme, "scheme");
        Objects.requireNonNull(span, "span");
        if (!(confidence >= 0 && confidence <= 1)) {
            throw new IllegalArgumentException(
                    "the confidence of a " + type + " must be in [0, 1] but was " + confidence + "; clamp it");
        }
    }
}
