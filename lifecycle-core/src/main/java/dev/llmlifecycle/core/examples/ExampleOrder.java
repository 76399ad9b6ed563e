package dev.llmlifecycle.core.examples;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * In which order the chosen examples stand in the prompt.
 *
 * <p>Of two examples that are equally relevant the one with the smaller id counts as the more relevant.
 *
 * <p>Immutable.
 *
 * @since 0.1
 */
public sealed interface ExampleOrder {

    /**
     * Puts the most relevant next to the question. The default.
     *
     * @return the order
     */
    static ExampleOrder mostRelevantLast() {
        return new MostRelevantLast();
    }

    /**
     * Puts the most relevant at the beginning. Choose it where a {@link dev.llmlifecycle.core.prompt.PromptBudget} may
     * leave examples out, since it begins with the last.
     *
     * @return the order
     */
    static ExampleOrder mostRelevantFirst() {
        return new MostRelevantFirst();
    }

    /**
     * Keeps neighbours from having the same label as far as possible, with the most relevant towards the end.
     *
     * @param label the name of the label
     * @return the order
     */
    static ExampleOrder alternatingLabels(String label) {
        return new AlternatingLabels(Optional.of(label));
    }

    /**
     * As {@link #alternatingLabels(String)}, with the first expected output as the label.
     *
     * @return the order
     */
    static ExampleOrder alternatingLabels() {
        return new AlternatingLabels(Optional.empty());
    }

    /**
     * Keeps the order in which the rule chose them.
     *
     * @return the order
     */
    static ExampleOrder asChosen() {
        return new AsChosen();
    }

    /**
     * Keeps the order of the pool.
     *
     * @return the order
     */
    static ExampleOrder asInThePool() {
        return new AsInThePool();
    }

    /**
     * Returns this order as a canonical value, for the identity of a selector.
     *
     * @return a map for {@link dev.llmlifecycle.api.identity.CanonicalJson}
     */
    Map<String, Object> toCanonical();

    /** The most relevant next to the question. */
    record MostRelevantLast() implements ExampleOrder {
        @Override
        public Map<String, Object> toCanonical() {
            return Map.of("order", "most-relevant-last");
        }
    }

    /** The most relevant at the beginning. */
    record MostRelevantFirst() implements ExampleOrder {
        @Override
        public Map<String, Object> toCanonical() {
            return Map.of("order", "most-relevant-first");
        }
    }

    /**
     * Neighbours with different labels.
     *
     * @param label the name of the label, or none for the first expected output
     */
    record AlternatingLabels(Optional<String> label) implements ExampleOrder {
        @Override
        public Map<String, Object> toCanonical() {
            return Map.of(
                    "order", "alternating-labels", "label", label.map(List::of).orElse(List.of()));
        }
    }

    /** As the rule chose them. */
    record AsChosen() implements ExampleOrder {
        @Override
        public Map<String, Object> toCanonical() {
            return Map.of("order", "as-chosen");
        }
    }

    /** As they stand in the pool. */
    record AsInThePool() implements ExampleOrder {
        @Override
        public Map<String, Object> toCanonical() {
            return Map.of("order", "as-in-the-pool");
        }
    }
}
