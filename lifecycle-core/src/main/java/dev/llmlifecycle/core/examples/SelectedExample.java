package dev.llmlifecycle.core.examples;

import java.util.Objects;

import dev.llmlifecycle.api.data.Example;

/**
 * An example that was chosen, and why.
 *
 * <p>Immutable.
 *
 * @param example the example
 * @param rank its place in the order of choice, from 1
 * @param relevance how near it is to the question: a cosine, or the score of the words or n-grams in common; 0 where
 *     the rule and the order do not look at it
 * @param gain what it added to what the rule maximises when it was chosen; equal to the relevance where the rule looks
 *     at nothing else
 * @param tokens what it takes in the prompt, as the estimator counts its two messages
 * @since 0.1
 */
public record SelectedExample(Example example, int rank, double relevance, double gain, int tokens) {

    /** Checks for null. */
    public SelectedExample {
        Objects.requireNonNull(example, "example");
    }
}
