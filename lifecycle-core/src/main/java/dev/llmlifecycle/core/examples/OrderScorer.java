package dev.llmlifecycle.core.examples;

import java.util.List;

import dev.llmlifecycle.api.data.Example;

/**
 * Says how well a question is answered when examples stand before it in some order; mostly a call of the model and a
 * comparison with what was expected.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface OrderScorer {

    /**
     * Scores.
     *
     * @param question a row of the validation set
     * @param shown the examples in the order of the prompt
     * @return the score, finite; more is better
     */
    double score(Example question, List<Example> shown);
}
