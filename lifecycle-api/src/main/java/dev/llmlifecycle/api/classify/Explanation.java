package dev.llmlifecycle.api.classify;

import java.util.List;
import java.util.Objects;

/**
 * Why a text is classified as it is.
 *
 * <p>Immutable. It quotes the text and training examples, so it goes where those may go.
 *
 * @param label the label that it speaks of, the most probable one
 * @param contributions what speaks for the label, or against it, strongest first
 * @param nearest training examples that the classifier kept, most similar first; none where it kept none
 * @since 0.1
 */
public record Explanation(String label, List<Contribution> contributions, List<Neighbour> nearest) {

    /** Copies. */
    public Explanation {
        Objects.requireNonNull(label, "label");
        contributions = List.copyOf(contributions);
        nearest = List.copyOf(nearest);
    }

    /**
     * A part of the text, and how much it moves the score of the label over the mean of all labels.
     *
     * <p>Immutable.
     *
     * @param feature the part: a word with its letters, some words that follow each other, or {@code (embedding)} for
     *     the meaning as a whole
     * @param weight positive where it speaks for the label
     */
    public record Contribution(String feature, double weight) {

        /** Checks that it is there. */
        public Contribution {
            Objects.requireNonNull(feature, "feature");
        }
    }

    /**
     * A training example near the text.
     *
     * <p>Immutable.
     *
     * @param text the example
     * @param label its label
     * @param similarity 1 for an equal text
     */
    public record Neighbour(String text, String label, double similarity) {

        /** Checks that nothing is missing. */
        public Neighbour {
            Objects.requireNonNull(text, "text");
            Objects.requireNonNull(label, "label");
        }
    }
}
