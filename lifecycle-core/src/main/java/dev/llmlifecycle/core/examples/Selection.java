package dev.llmlifecycle.core.examples;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

import dev.llmlifecycle.api.data.Example;
import dev.llmlifecycle.api.identity.Hash;

/**
 * The examples that were chosen for a question, and what speaks for and against them.
 *
 * <p>Immutable.
 *
 * @param selected the chosen in the order of the prompt
 * @param tokens what they take together
 * @param budget what they may take, if there is a budget
 * @param rivals up to three that were not chosen, the most relevant first; none where relevance was not looked at
 * @param refused what the firewall refused because of this question, by id; what it refuses because of the evaluation
 *     set is told by {@link PooledExampleSelector#refused()}
 * @param nothing why nothing was chosen, where nothing was
 * @param pool the hash of the pool that was chosen from
 * @since 0.1
 */
public record Selection(
        List<SelectedExample> selected,
        int tokens,
        OptionalInt budget,
        List<Rival> rivals,
        List<RefusedExample> refused,
        Optional<Nothing> nothing,
        Hash pool) {

    /** Copies. */
    public Selection {
        selected = List.copyOf(selected);
        Objects.requireNonNull(budget, "budget");
        rivals = List.copyOf(rivals);
        refused = List.copyOf(refused);
        Objects.requireNonNull(nothing, "nothing");
        Objects.requireNonNull(pool, "pool");
    }

    /**
     * Returns the examples alone.
     *
     * @return in the order of the prompt
     */
    public List<Example> examples() {
        return selected.stream().map(SelectedExample::example).toList();
    }

    /** Why nothing was chosen. */
    public enum Nothing {
        /** The pool has no examples. */
        EMPTY_POOL,
        /** The question is blank, and the rule compares examples with it. */
        BLANK_QUESTION,
        /** The firewall refused every example that could be chosen. */
        ALL_REFUSED,
        /** No example has anything in common with the question. */
        NOTHING_RELEVANT,
        /** The budget is smaller than every example that could be chosen. */
        OVER_BUDGET
    }

    /**
     * An example that was not chosen.
     *
     * @param example the example
     * @param relevance how near it is to the question
     * @param tokens what it would take
     * @param fits whether it would still have fitted into the budget beside the chosen
     */
    public record Rival(Example example, double relevance, int tokens, boolean fits) {

        /** Checks for null. */
        public Rival {
            Objects.requireNonNull(example, "example");
        }
    }
}
