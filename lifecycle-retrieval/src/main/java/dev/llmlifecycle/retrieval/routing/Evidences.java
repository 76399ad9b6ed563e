package dev.llmlifecycle.retrieval.routing;

import java.util.Arrays;

import dev.llmlifecycle.retrieval.vector.internal.VectorMath;
import org.jspecify.annotations.Nullable;

/**
 * Compares a text with some of the examples: with the mean of each intent, with each example of the intents whose means
 * are nearest, and with a Gaussian of each intent, which have one covariance, shrunk towards a sphere (J. H. Friedman,
 * "Regularized Discriminant Analysis", JASA 84, 1989).
 *
 * <p>Immutable.
 */
final class Evidences {

    /** How far the covariance is shrunk: little for many examples, much for few. */
    static final double[] SHRINKAGES = {0.05, 0.3, 0.8};

    /** Above it the covariance would be too large, and there is no Gaussian. */
    static final int LARGEST_COVARIANCE = 1_024;

    private static final int NEIGHBOURS = 3;
    private static final int KEPT = 5;

    /** Of so many intents, those with the nearest means, the examples are compared one by one. */
    private static final int COMPARED = 40;

    private static final VectorMath MATH = VectorMath.best();

    private final ExampleTable table;
    private final int[] shrinkages;

    /** The rows that count, grouped by intent. */
    private final int[] rows;

    private final int[] starts;
    private final float[] centres;
    private final float[][] weights;
    private final double[][] offsets;

    /**
     * Fits.
     *
     * @param table the examples
     * @param rows those that count, ascending
     * @param moments the sum of the outer products of their vectors, or null for no Gaussian
     * @param shrinkages which of {@link #SHRINKAGES} to fit
     */
    Evidences(ExampleTable table, int[] rows, @Nullable SymmetricMatrix moments, int... shrinkages) {
        this.table = table;
        this.rows = rows;
        this.shrinkages = moments == null ? new int[0] : shrinkages;
        int intents = table.intentCount();
        int dimension = table.dimension();
        this.starts = starts();
        double[][] means = means();
        this.centres = new float[intents * dimension];
        for (int intent = 0; intent < intents; intent++) {
            double length = Math.sqrt(dot(means[intent], means[intent]));
            for (int i = 0; i < dimension && length > 0; i++) {
                centres[intent * dimension + i] = (float) (means[intent][i] / length);
            }
        }
        this.weights = new float[this.shrinkages.length][intents * dimension];
        this.offsets = new double[this.shrinkages.length][intents];
        if (moments != null) {
            SymmetricMatrix within = moments.scaled(1, 0);
            for (int intent = 0; intent < intents; intent++) {
                within.addOuter(means[intent], -(starts[intent + 1] - starts[intent]));
            }
            for (int i = 0; i < this.shrinkages.length; i++) {
                fit(within, SHRINKAGES[this.shrinkages[i]], means, weights[i], offsets[i]);
            }
        }
    }

    private int[] starts() {
        int[] first = new int[table.intentCount() + 1];
        for (int row : rows) {
            first[table.intent(row) + 1]++;
        }
        for (int i = 1; i < first.length; i++) {
            first[i] += first[i - 1];
        }
        return first;
    }

    private double[][] means() {
        int dimension = table.dimension();
        double[][] means = new double[table.intentCount()][dimension];
        for (int row : rows) {
            double[] mean = means[table.intent(row)];
            for (int i = 0; i < dimension; i++) {
                mean[i] += table.vectors()[row * dimension + i];
            }
        }
        for (int intent = 0; intent < means.length; intent++) {
            int count = starts[intent + 1] - starts[intent];
            for (int i = 0; i < dimension && count > 0; i++) {
                means[intent][i] /= count;
            }
        }
        return means;
    }

    /** The classes weigh the same, however many examples they have. */
    private void fit(SymmetricMatrix within, double shrinkage, double[][] means, float[] weight, double[] offset) {
        int dimension = table.dimension();
        double freedom = Math.max(1, rows.length - means.length);
        double sphere = Math.max(1e-9, within.trace() / freedom / dimension);
        SymmetricMatrix covariance = within.scaled((1 - shrinkage) / freedom, shrinkage * sphere + 1e-9);
        if (!covariance.factor()) {
            // Rounding of a covariance without width; then a sphere is all there is.
            covariance = new SymmetricMatrix(dimension).scaled(0, sphere);
            covariance.factor();
        }
        for (int intent = 0; intent < means.length; intent++) {
            double[] solved = covariance.solve(means[intent]);
            offset[intent] = -dot(solved, means[intent]) / 2;
            for (int i = 0; i < dimension; i++) {
                weight[intent * dimension + i] = (float) solved[i];
            }
        }
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    /** Compares a vector of length one. */
    Evidence of(float[] vector) {
        int intents = table.intentCount();
        int dimension = table.dimension();
        double[][] gauss = new double[shrinkages.length][intents];
        double[] centre = new double[intents];
        double[] near = new double[intents];
        Best nearest = new Best(Math.min(KEPT, rows.length));
        Best ofIntent = new Best(NEIGHBOURS);
        for (int intent = 0; intent < intents; intent++) {
            if (starts[intent] == starts[intent + 1]) {
                centre[intent] = Double.NEGATIVE_INFINITY;
                for (double[] each : gauss) {
                    each[intent] = Double.NEGATIVE_INFINITY;
                }
                continue;
            }
            for (int i = 0; i < gauss.length; i++) {
                gauss[i][intent] = MATH.dot(weights[i], intent * dimension, vector, 0, dimension) + offsets[i][intent];
            }
            centre[intent] = MATH.dot(centres, intent * dimension, vector, 0, dimension);
        }
        double least = leastCompared(centre);
        for (int intent = 0; intent < intents; intent++) {
            if (starts[intent] == starts[intent + 1] || centre[intent] < least) {
                // The mean stands for the examples where those cannot matter.
                near[intent] = centre[intent];
                continue;
            }
            ofIntent.clear();
            for (int i = starts[intent]; i < starts[intent + 1]; i++) {
                ofIntent.offer(rows[i], MATH.dot(table.vectors(), rows[i] * dimension, vector, 0, dimension));
            }
            near[intent] = ofIntent.mean();
            nearest.offerAll(ofIntent);
        }
        return new Evidence(
                gauss,
                centre,
                near,
                rows.length == 0 ? -1 : nearest.similarities[0],
                Arrays.copyOf(nearest.rows, nearest.size),
                Arrays.copyOf(nearest.similarities, nearest.size));
    }

    private static double leastCompared(double[] centre) {
        if (centre.length <= COMPARED) {
            return Double.NEGATIVE_INFINITY;
        }
        double[] sorted = centre.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length - COMPARED];
    }

    /** The most similar rows, best first, ties by the lower row. */
    private static final class Best {

        private final int[] rows;
        private final float[] similarities;
        private int size;

        Best(int most) {
            this.rows = new int[most];
            this.similarities = new float[most];
        }

        void clear() {
            size = 0;
        }

        void offer(int row, float similarity) {
            int at = size;
            if (at == rows.length) {
                if (!(similarity > similarities[at - 1])) {
                    return;
                }
                at--;
            } else {
                size++;
            }
            while (at > 0 && similarity > similarities[at - 1]) {
                rows[at] = rows[at - 1];
                similarities[at] = similarities[at - 1];
                at--;
            }
            rows[at] = row;
            similarities[at] = similarity;
        }

        void offerAll(Best other) {
            for (int i = 0; i < other.size; i++) {
                offer(other.rows[i], other.similarities[i]);
            }
        }

        double mean() {
            double sum = 0;
            for (int i = 0; i < size; i++) {
                sum += similarities[i];
            }
            return sum / size;
        }
    }
}
