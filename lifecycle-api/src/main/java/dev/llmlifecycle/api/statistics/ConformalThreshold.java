package dev.llmlifecycle.api.statistics;

import java.util.Arrays;

/**
 * The threshold under which a new score will lie with a stated chance, whatever the distribution of the scores.
 *
 * <p>Of n calibration scores it is the {@code ⌈(n + 1)(1 - α)⌉}-th smallest: a score that comes from where they come
 * from, exchangeable with them, lies at or under it with chance at least {@code 1 - α} (V. Vovk, A. Gammerman and G.
 * Shafer, "Algorithmic Learning in a Random World", 2005; J. Lei and others, "Distribution-Free Predictive Inference
 * for Regression", JASA 113, 2018). The chance is over calibration and new score together.
 *
 * <p>Immutable.
 *
 * @param value the threshold, infinite where n is too small for any
 * @param alpha the accepted share of scores above it
 * @param calibrationSize how many scores it rests on
 * @since 0.1
 */
public record ConformalThreshold(double value, double alpha, int calibrationSize) {

    /**
     * Finds the threshold.
     *
     * @param scores of calibration cases, high where the case is strange; finite, at least one
     * @param alpha the accepted share above, in (0, 1)
     * @return the threshold
     */
    public static ConformalThreshold of(double[] scores, double alpha) {
        Labelled.requireFinite(scores, 1, "A conformal threshold");
        Levels.require(alpha, "alpha", "0.05 is five per cent");
        double[] sorted = scores.clone();
        Arrays.sort(sorted);
        // Rounding must not push a whole number up: 0.9 * 10 is 9.
        long rank = (long) Math.ceil((scores.length + 1) * (1 - alpha) - 1e-9);
        return new ConformalThreshold(
                rank > scores.length ? Double.POSITIVE_INFINITY : sorted[(int) Math.max(0, rank - 1)],
                alpha,
                scores.length);
    }

    /**
     * Tells whether a score is as those of the calibration.
     *
     * @param score the score of a new case
     * @return true when it is at most the threshold
     */
    public boolean covers(double score) {
        return score <= value;
    }
}
