package dev.llmlifecycle.core.classify;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

import dev.llmlifecycle.api.statistics.PlattScaling;
import dev.llmlifecycle.api.statistics.TemperatureScaling;

/**
 * How scores become probabilities.
 *
 * @param temperature of a classifier of one label
 * @param curves of a classifier of several, else none
 */
record ScoreCalibration(TemperatureScaling temperature, List<PlattScaling> curves) {

    ScoreCalibration {
        curves = List.copyOf(curves);
    }

    static ScoreCalibration fit(float[][] scores, int[][] truth, boolean multiLabel) {
        if (!multiLabel) {
            int[] classes = Arrays.stream(truth).mapToInt(labels -> labels[0]).toArray();
            return new ScoreCalibration(TemperatureScaling.fit(scores, classes), List.of());
        }
        List<PlattScaling> curves = new ArrayList<>();
        for (int label = 0; label < scores[0].length; label++) {
            int own = label;
            double[] column = Arrays.stream(scores).mapToDouble(row -> row[own]).toArray();
            boolean[] has = new boolean[truth.length];
            int positives = 0;
            for (int i = 0; i < truth.length; i++) {
                has[i] = Arrays.binarySearch(truth[i], label) >= 0;
                positives += has[i] ? 1 : 0;
            }
            // One kind alone cannot be calibrated: its scores are taken for what they are.
            curves.add(
                    positives == 0 || positives == truth.length
                            ? new PlattScaling(1, 0)
                            : rising(PlattScaling.fit(column, has), positives, truth.length));
        }
        return new ScoreCalibration(new TemperatureScaling(1), curves);
    }

    /** A curve that falls would turn the scores round: then they tell nothing, and the share of the label is left. */
    private static PlattScaling rising(PlattScaling curve, int positives, int all) {
        return curve.slope() > 0 ? curve : new PlattScaling(0, StrictMath.log((double) positives / (all - positives)));
    }

    double[] probabilities(float[] scores) {
        return curves.isEmpty()
                ? temperature.apply(scores)
                : IntStream.range(0, scores.length)
                        .mapToDouble(label -> curves.get(label).applyAsDouble(scores[label]))
                        .toArray();
    }

    /** Returns the mean logarithmic loss. */
    double loss(float[][] scores, int[][] truth) {
        double sum = 0;
        for (int i = 0; i < scores.length; i++) {
            double[] probabilities = probabilities(scores[i]);
            if (curves.isEmpty()) {
                sum -= StrictMath.log(Math.max(Double.MIN_NORMAL, probabilities[truth[i][0]]));
            } else {
                for (int label = 0; label < probabilities.length; label++) {
                    boolean has = Arrays.binarySearch(truth[i], label) >= 0;
                    double chance = has ? probabilities[label] : 1 - probabilities[label];
                    sum -= StrictMath.log(Math.max(Double.MIN_NORMAL, chance));
                }
            }
        }
        return sum / scores.length;
    }
}
