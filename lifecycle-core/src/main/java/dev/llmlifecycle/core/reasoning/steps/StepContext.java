package dev.llmlifecycle.core.reasoning.steps;

import java.util.List;
import java.util.Objects;

import dev.llmlifecycle.api.retrieval.Passage;

/**
 * What a validator may look at beside the step itself.
 *
 * <p>Immutable.
 *
 * @param question what is reasoned about; possibly empty
 * @param passages what was retrieved for it; {@code [1]} in a step cites the first
 * @param earlier the steps before, in order
 * @since 0.1
 */
public record StepContext(String question, List<Passage> passages, List<ReasoningStep> earlier) {

    /** Copies. */
    public StepContext {
        Objects.requireNonNull(question, "question");
        passages = List.copyOf(passages);
        Objects.requireNonNull(earlier, "earlier");
    }

    /**
     * Makes the context of a first step.
     *
     * @param question what is reasoned about
     * @return without passages and earlier steps
     */
    public static StepContext of(String question) {
        return new StepContext(question, List.of(), List.of());
    }

    /**
     * Adds what was retrieved.
     *
     * @param retrieved the passages, in the order of their numbers
     * @return another context
     */
    public StepContext withPassages(List<Passage> retrieved) {
        return new StepContext(question, retrieved, earlier);
    }
}
