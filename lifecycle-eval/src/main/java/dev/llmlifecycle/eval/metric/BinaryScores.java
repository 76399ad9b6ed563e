package dev.llmlifecycle.eval.metric;

import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * How well scores tell positive from negative cases, whatever the threshold.
 *
 * <p>Thread-safe. Equal scores are one threshold, so the order of rows does not matter.
 *
 * @since 0.1
 */
public final class BinaryScores {

    private BinaryScores() {}

    /**
     * Returns the area under the ROC curve: the chance that a positive case scores above a negative one, ties counting
     * half (J. A. Hanley and B. J. McNeil, "The meaning and use of the area under a receiver operating characteristic
     * curve", Radiology 143, 1982).
     *
     * @param scores high for positive, not NaN
     * @param positive for each score whether the case is positive; both kinds must be there
     * @return in [0, 1], 0.5 for scores that say nothing
     */
    public static double auroc(double[] scores, boolean[] positive) {
        int[] order = descending(scores, positive);
        double positives = 0;
        double negatives = 0;
        double area = 0;
        for (int start = 0; start < order.length; ) {
            int end = end(order, scores, start);
            int found = found(order, positive, start, end);
            int wrong = end - start - found;
            area += wrong * (positives + found / 2.0);
            positives += found;
            negatives += wrong;
            start = end;
        }
        return area / (positives * negatives);
    }

    /**
     * Returns the area under the precision-recall curve as average precision: {@code Σ (R_i - R_{i-1}) P_i} over
     * thresholds from the highest score down, without interpolation (J. Davis and M. Goadrich, "The relationship
     * between Precision-Recall and ROC curves", ICML 2006, on why not to).
     *
     * @param scores high for positive, not NaN
     * @param positive for each score whether the case is positive; both kinds must be there
     * @return in (0, 1], the share of positive cases for scores that say nothing
     */
    public static double auprc(double[] scores, boolean[] positive) {
        int[] order = descending(scores, positive);
        int positives = 0;
        double area = 0;
        for (int start = 0; start < order.length; ) {
            int end = end(order, scores, start);
            int found = found(order, positive, start, end);
            positives += found;
            area += found * (positives / (double) end);
            start = end;
        }
        return area / positives;
    }

    private static int end(int[] order, double[] scores, int start) {
        int end = start + 1;
        while (end < order.length && scores[order[end]] == scores[order[start]]) {
            end++;
        }
        return end;
    }

    private static int found(int[] order, boolean[] positive, int start, int end) {
        int found = 0;
        for (int i = start; i < end; i++) {
            found += positive[order[i]] ? 1 : 0;
        }
        return found;
    }

    private static int[] descending(double[] scores, boolean[] positive) {
        if (scores.length != positive.length) {
            throw new IllegalArgumentException("an area under a curve needs lists of one length but got "
                    + scores.length + " scores and " + positive.length + " labels; match them row by row");
        }
        int positives = 0;
        for (int i = 0; i < scores.length; i++) {
            if (Double.isNaN(scores[i])) {
                throw new IllegalArgumentException(
                        "an area under a curve needs numbers but score " + i + " is NaN; leave that row out");
            }
            positives += positive[i] ? 1 : 0;
        }
        if (positives == 0 || positives == scores.length) {
            throw new IllegalArgumentException("an area under a curve needs positive and negative cases but "
                    + positives + " of " + scores.length + " are positive; add some of the other kind");
        }
        return IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> scores[i]).reversed())
                .mapToInt(Integer::intValue)
                .toArray();
    }
}
