package dev.llmlifecycle.eval.statistics;

/** Checks of scores with labels. */
final class Labelled {

    private Labelled() {}

    static void require(double[] scores, boolean[] labels, String what) {
        Samples.requireSameLength(scores.length, labels.length, what);
        Samples.require(scores, 2, what);
        int positives = positives(labels);
        if (positives == 0 || positives == labels.length) {
            throw new IllegalArgumentException(what + " needs positive and negative cases but all " + labels.length
                    + " are " + (positives == 0 ? "negative" : "positive") + "; add some of the other kind");
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
