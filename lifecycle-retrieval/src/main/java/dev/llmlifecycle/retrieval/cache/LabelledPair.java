package dev.llmlifecycle.retrieval.cache;

import java.util.Objects;

import dev.llmlifecycle.api.Incubating;

/**
 * Two questions of which someone said whether one answer serves both.
 *
 * <p>Immutable.
 *
 * @param question a question
 * @param other another
 * @param same whether the answer to one is right for the other
 * @since 0.1
 */
@Incubating
public record LabelledPair(String question, String other, boolean same) {

    /** Checks that nothing is missing. */
    public LabelledPair {
        Objects.requireNonNull(question, "question");
        Objects.requireNonNull(other, "other");
    }
}
