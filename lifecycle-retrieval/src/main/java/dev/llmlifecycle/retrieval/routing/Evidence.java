package dev.llmlifecycle.retrieval.routing;

/**
 * What the examples say of one text, by intent; {@link Double#NEGATIVE_INFINITY} where an intent has no examples.
 *
 * <p>Nobody writes into the arrays.
 */
final class Evidence {

    private final double[][] gauss;
    private final double[] centre;
    private final double[] near;
    private final double nearest;
    private final int[] rows;
    private final float[] similarities;

    Evidence(double[][] gauss, double[] centre, double[] near, double nearest, int[] rows, float[] similarities) {
        this.gauss = gauss;
        this.centre = centre;
        this.near = near;
        this.nearest = nearest;
        this.rows = rows;
        this.similarities = similarities;
    }

    /** Returns the discriminant of a Gaussian of each intent, one array for each shrinkage. */
    double[][] gauss() {
        return gauss;
    }

    /** Returns the cosine to the mean of the examples. */
    double[] centre() {
        return centre;
    }

    /** Returns the mean cosine to the three nearest examples; the cosine to the mean where that is far off. */
    double[] near() {
        return near;
    }

    /** Returns the greatest cosine to any example. */
    double nearest() {
        return nearest;
    }

    /** Returns the nearest examples, best first. */
    int[] rows() {
        return rows;
    }

    /** Returns the cosines to the nearest examples. */
    float[] similarities() {
        return similarities;
    }

    double mostCentral() {
        double most = -1;
        for (double each : centre) {
            most = Math.max(most, each);
        }
        return most;
    }
}
