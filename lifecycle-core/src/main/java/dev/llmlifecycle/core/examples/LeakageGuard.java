package dev.llmlifecycle.core.examples;

import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;

import dev.llmlifecycle.api.data.Dataset;

/**
 * What must not be given away by an example while it is under evaluation: the question asked, and every row of the
 * evaluation set.
 *
 * <p>Texts are compared in three ways: for equality without case, punctuation and white space (after NFKC); by
 * Jaccard's coefficient of their runs of five characters; by the cosine of their embeddings. For the rows of a set,
 * pairs that may be similar are found by MinHash (Broder 1997; 128 functions in 32 bands) and then compared exactly: a
 * pair with a coefficient of 0.8 is missed once in ten million, one of 0.6 once in eighty. The question asked is
 * compared with every example.
 *
 * <p>Only inputs are compared. Leave the guard out in production, where an example that equals the question is the best
 * there is.
 *
 * <p>Immutable.
 *
 * @since 0.1
 */
public final class LeakageGuard {

    private static final double DEFAULT_TEXT = 0.8;
    private static final double DEFAULT_MEANING = 0.95;
    private static final double LEAST_TEXT = 0.6;

    private final Dataset evaluation;
    private final double textSimilarity;
    private final OptionalDouble meaningSimilarity;
    private final boolean questions;

    private LeakageGuard(Builder builder) {
        this.evaluation = builder.evaluation;
        this.textSimilarity = builder.textSimilarity;
        this.meaningSimilarity = builder.meaningSimilarity;
        this.questions = builder.questions;
    }

    /**
     * Guards an evaluation set with the defaults.
     *
     * @param evaluation the rows that are asked
     * @return the guard
     */
    public static LeakageGuard of(Dataset evaluation) {
        return builder(evaluation).build();
    }

    /**
     * Starts a guard.
     *
     * @param evaluation the rows that are asked
     * @return a builder
     */
    public static Builder builder(Dataset evaluation) {
        return new Builder(evaluation);
    }

    Dataset evaluation() {
        return evaluation;
    }

    double textSimilarity() {
        return textSimilarity;
    }

    OptionalDouble meaningSimilarity() {
        return meaningSimilarity;
    }

    boolean questions() {
        return questions;
    }

    Map<String, Object> toCanonical() {
        return Map.of(
                "evaluation",
                evaluation.hash().hex(),
                "textSimilarity",
                textSimilarity,
                "meaningSimilarity",
                meaningSimilarity.orElse(2),
                "questions",
                questions);
    }

    /** Builds a {@link LeakageGuard}. Not thread-safe. */
    public static final class Builder {

        private final Dataset evaluation;
        private double textSimilarity = DEFAULT_TEXT;
        private OptionalDouble meaningSimilarity = OptionalDouble.of(DEFAULT_MEANING);
        private boolean questions = true;

        private Builder(Dataset evaluation) {
            this.evaluation = Objects.requireNonNull(evaluation, "evaluation");
        }

        /**
         * Sets from which share of common runs of characters two texts are nearly equal. Default: 0.8.
         *
         * @param jaccard in [0.6, 1]
         * @return this builder
         */
        public Builder textSimilarity(double jaccard) {
            if (!(jaccard >= LEAST_TEXT && jaccard <= 1)) {
                throw new IllegalArgumentException("the text similarity of a leakage guard must be in [0.6, 1] but was "
                        + jaccard + "; texts less alike are found by their meaning");
            }
            this.textSimilarity = jaccard;
            return this;
        }

        /**
         * Sets from which cosine of their embeddings two texts mean the same. Default: 0.95. Without embeddings in the
         * selector it is not looked at.
         *
         * @param cosine in (0, 1]
         * @return this builder
         */
        public Builder meaningSimilarity(double cosine) {
            if (!(cosine > 0 && cosine <= 1)) {
                throw new IllegalArgumentException(
                        "the meaning similarity of a leakage guard must be in (0, 1] but was " + cosine);
            }
            this.meaningSimilarity = OptionalDouble.of(cosine);
            return this;
        }

        /**
         * Compares texts alone, so that the evaluation set need not be embedded. Default: meanings are compared too.
         *
         * @return this builder
         */
        public Builder textOnly() {
            this.meaningSimilarity = OptionalDouble.empty();
            return this;
        }

        /**
         * Sets whether examples that equal the question asked are refused, whether or not it is a row of the set.
         * Default: true.
         *
         * @param refused whether they are
         * @return this builder
         */
        public Builder questions(boolean refused) {
            this.questions = refused;
            return this;
        }

        /**
         * Builds the guard.
         *
         * @return the guard
         */
        public LeakageGuard build() {
            return new LeakageGuard(this);
        }
    }
}
