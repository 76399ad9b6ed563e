package dev.llmlifecycle.core.classify;

import java.util.List;
import java.util.Objects;

/**
 * What came out of training: the classifier, and the texts whose labels it doubts.
 *
 * <p>Immutable.
 *
 * @param classifier the classifier
 * @param suspectedErrors texts that are probably labelled wrongly, the most suspicious first
 * @since 0.1
 */
public record Training(TrainedTextClassifier classifier, List<SuspectedError> suspectedErrors) {

    /** Copies. */
    public Training {
        Objects.requireNonNull(classifier, "classifier");
        suspectedErrors = List.copyOf(suspectedErrors);
    }

    /**
     * A text that models which did not see it would label otherwise (C. Northcutt, L. Jiang and I. Chuang, "Confident
     * Learning: Estimating Uncertainty in Dataset Labels", JAIR 70, 2021): less probable under its own label than the
     * texts of that label are on average, and at least as probable under another as the texts of that one.
     *
     * <p>Immutable.
     *
     * @param row its position among the training texts, from 0
     * @param text the text
     * @param given its label
     * @param suggested the label that it probably has
     * @param givenProbability of its own label
     * @param suggestedProbability of the suggested one
     */
    public record SuspectedError(
            int row,
            String text,
            String given,
            String suggested,
            double givenProbability,
            double suggestedProbability) {

        /** Checks that nothing is missing. */
        public SuspectedError {
            Objects.requireNonNull(text, "text");
            Objects.requireNonNull(given, "given");
            Objects.requireNonNull(suggested, "suggested");
        }
    }
}
