package dev.llmlifecycle.api.statistics;

/** Checks of scores with labels. */
final class Labelled {

    private Labelled() {}

    /** Refuses scores without a label each, too few of them, or all of one kind. */
    static void require(double[] scores, boolean[] labels, String what) {
        requireSameLength(scores.length, labels.length, what);
        requireFinite(scores, 2, what);
        int positives = positives(labels);
        if (positives == 0 || positives == labels.length) {
            throw new IllegalArgumentException(what + " needs positive and negative cases but all " + labels.length
                    + " are " + (positives == 0 ? "negative" : "positive") + "; add some of the other kind");
        }
    }

    /** Refuses too few values, and what is no number. */
    static void requireFinite(double[] values, int least, String what) {
        if (values.length < least) {
            throw new IllegalArgumentException(
                    what + " needs at least " + least + " values but got " + values.length + "; collect more rows");
        }
        for (int i = 0; i < values.length; i++) {
            if (!Double.isFinite(values[i])) {
                throw new IllegalArgumentException(what + " needs finite numbers but value " + i + " is " + values[i]
                        + "; leave that row out or score it");
            }
        }
    }

    static void requireSameLength(int first, int second, String what) {
        if (first != second) {
            throw new IllegalArgumentException(what + " needs lists of one length but got " + first + " and " + second
                    + "; match them row by row");
        }
    }

    static int positives(boolean[] labels) {
        int positives = 0;
        for (boolean label : labels) {
            positives += label ? 1 : 0;
        }
        return positives;
    }
}
