package dev.llmlifecycle.api.statistics;

import java.util.Objects;

/**
 * Turns the scores of several classes into probabilities by one divisor: {@code p = softmax(scores / temperature)}.
 *
 * <p>The temperature is the one that makes the right classes of held-out cases most likely (C. Guo, G. Pleiss, Y. Sun
 * and K. Q. Weinberger, "On Calibration of Modern Neural Networks", ICML 2017). It never changes which class is first.
 * The likelihood has one maximum in {@code 1 / temperature}, found by Newton's method with bisection where a step would
 * leave what is known to hold it.
 *
 * <p>Immutable.
 *
 * @param temperature above 1 where the scores are too sure of themselves, below 1 where they are too timid; in [0.01,
 *     100]
 * @since 0.1
 */
public record TemperatureScaling(double temperature) {

    private static final double COLDEST = 0.01;
    private static final double HOTTEST = 100;
    private static final int MOST_STEPS = 200;

    /** Checks the range. */
    public TemperatureScaling {
        if (!(temperature >= COLDEST && temperature <= HOTTEST)) {
            throw new IllegalArgumentException("a temperature must be in [" + COLDEST + ", " + HOTTEST + "] but was "
                    + temperature + "; fit it, or use 1 to change nothing");
        }
    }

    /**
     * Fits the temperature.
     *
     * @param scores of each held-out case, one for each class: logarithms of probabilities, up to a constant
     * @param classes of each case, the position of its right class
     * @return the scaling; at an end of its range where the cases would want one beyond
     */
    public static TemperatureScaling fit(float[][] scores, int[] classes) {
        Labelled.requireSameLength(scores.length, classes.length, "Temperature scaling");
        if (scores.length == 0) {
            throw new IllegalArgumentException("Temperature scaling needs at least 1 case but got none; collect rows");
        }
        for (int i = 0; i < scores.length; i++) {
            require(scores[i], i);
            Objects.checkIndex(classes[i], scores[i].length);
        }
        double low = 1 / HOTTEST;
        double high = 1 / COLDEST;
        double inverse = 1;
        for (int step = 0; step < MOST_STEPS && high - low > 1e-12 * high; step++) {
            double slope = 0;
            double curvature = 0;
            for (int i = 0; i < scores.length; i++) {
                double[] moments = moments(scores[i], inverse);
                slope += moments[0] - scores[i][classes[i]];
                curvature += moments[1];
            }
            if (slope > 0) {
                high = inverse;
            } else {
                low = inverse;
            }
            double next = inverse - slope / curvature;
            boolean inside = next > low && next < high;
            double moved = inside ? next : (low + high) / 2;
            if (StrictMath.abs(moved - inverse) < 1e-12 * inverse) {
                inverse = moved;
                break;
            }
            inverse = moved;
        }
        return new TemperatureScaling(Math.min(HOTTEST, Math.max(COLDEST, 1 / inverse)));
    }

    /**
     * Returns the probabilities of the classes.
     *
     * @param scores of the classes, finite, at least one
     * @return as many probabilities, which sum to 1
     */
    public double[] apply(float[] scores) {
        require(scores, 0);
        double[] probabilities = new double[scores.length];
        double most = max(scores);
        double sum = 0;
        for (int i = 0; i < scores.length; i++) {
            probabilities[i] = StrictMath.exp((scores[i] - most) / temperature);
            sum += probabilities[i];
        }
        for (int i = 0; i < scores.length; i++) {
            probabilities[i] /= sum;
        }
        return probabilities;
    }

    /** Returns mean and variance of the scores under the probabilities that the inverse temperature gives them. */
    private static double[] moments(float[] scores, double inverse) {
        double most = max(scores);
        double sum = 0;
        double first = 0;
        double second = 0;
        for (float score : scores) {
            double away = score - most;
            double weight = StrictMath.exp(away * inverse);
            sum += weight;
            first += weight * away;
            second += weight * away * away;
        }
        double mean = first / sum;
        return new double[] {mean + most, Math.max(0, second / sum - mean * mean)};
    }

    private static double max(float[] scores) {
        double most = scores[0];
        for (float score : scores) {
            most = Math.max(most, score);
        }
        return most;
    }

    private static void require(float[] scores, int position) {
        if (scores.length == 0) {
            throw new IllegalArgumentException("Temperature scaling needs a score for each class but case " + position
                    + " has none; give each case the scores of all classes");
        }
        for (float score : scores) {
            if (!Float.isFinite(score)) {
                throw new IllegalArgumentException("Temperature scaling needs finite numbers but case " + position
                        + " has the score " + score + "; leave that case out or score it");
            }
        }
    }
}
