package dev.llmlifecycle.api.retrieval;

import java.util.Objects;

/**
 * A place in an answer that names the passage it rests on.
 *
 * <p>Immutable.
 *
 * @param number the number that stands in the answer, from 1, as in {@code [1]}
 * @param passageId the passage
 * @param source the document of the passage
 * @since 0.1
 */
public record Citation(int number, String passageId, String source) {

    /** Checks the number. */
    public Citation {
        if (number < 1) {
            throw new IllegalArgumentException(
                    "citations count from 1 but this one is " + number + "; use the passage's number");
        }
        Objects.requireNonNull(passageId, "passageId");
        Objects.requireNonNull(source, "source");
    }
}
