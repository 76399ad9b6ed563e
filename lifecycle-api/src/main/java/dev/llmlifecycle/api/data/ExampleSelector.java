package dev.llmlifecycle.api.data;

import java.util.List;

import dev.llmlifecycle.api.identity.Identified;

/**
 * Chooses the examples that a prompt shows for one question.
 *
 * <p>Implementations must be thread-safe and deterministic: the same question and pool give the same examples.
 *
 * @since 0.1
 */
public interface ExampleSelector extends Identified {

    /**
     * Chooses examples.
     *
     * @param question the question that stands alone
     * @return the examples in the order that the prompt shows them, possibly none
     */
    List<Example> select(String question);
}
