package dev.llmlifecycle.core.reasoning;

import java.util.Objects;

/**
 * What a model wrote, taken apart.
 *
 * <p>Immutable.
 *
 * @param answer what the user is to see
 * @param thoughts what stood before it
 * @param marked whether a marker said where the answer begins; without one the whole text is the answer
 * @since 0.1
 */
public record ExtractedAnswer(String answer, String thoughts, boolean marked) {

    /** Checks for null. */
    public ExtractedAnswer {
        Objects.requireNonNull(answer, "answer");
        Objects.requireNonNull(thoughts, "thoughts");
    }
}
