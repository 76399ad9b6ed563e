package dev.llmlifecycle.core.classify;

import java.util.function.IntFunction;

/** The mean embedding of each label, and how near a text is to the nearest. */
final class Prototypes {

    private static final int[] NO_BUCKETS = {};
    private static final float[] NO_VALUES = {};

    private final float[][] means;
    private final float[] squares;
    /** The means once more, as a linear map that gives the products with all of them at once. */
    private final LinearWeights products;

    /**
     * Creates prototypes.
     *
     * @param means one for each label
     * @param dimension of each
     */
    Prototypes(float[][] means, int dimension) {
        this.means = means;
        this.squares = new float[means.length];
        this.products = new LinearWeights(dimension, dimension, means.length);
        for (int label = 0; label < means.length; label++) {
            for (int i = 0; i < dimension; i++) {
                products.set(i, label, means[label][i]);
                squares[label] += means[label][i] * means[label][i];
            }
        }
    }

    static Prototypes of(Texts texts, int[] rows, IntFunction<int[]> truth, int labels) {
        float[][] sums = new float[labels][texts.dimension()];
        int[] counts = new int[labels];
        for (int row : rows) {
            for (int label : truth.apply(row)) {
                counts[label]++;
                float[] embedding = texts.embedding(row);
                for (int i = 0; i < embedding.length; i++) {
                    sums[label][i] += embedding[i];
                }
            }
        }
        for (int label = 0; label < labels; label++) {
            for (int i = 0; i < texts.dimension(); i++) {
                sums[label][i] /= Math.max(1, counts[label]);
            }
        }
        return new Prototypes(sums, texts.dimension());
    }

    float[] mean(int label) {
        return means[label];
    }

    /** Returns how much a text is like those of the training, from 0 to 1. */
    double known(float[] embedding, Features features) {
        return embedding.length > 0 ? nearness(embedding) : features.known();
    }

    /** Returns one less the distance to the nearest mean, at least 0. */
    double nearness(float[] embedding) {
        float[] scores = products.newScores();
        products.score(new Features(embedding, NO_BUCKETS, NO_VALUES, 0), scores);
        double square = 0;
        for (float value : embedding) {
            square += value * value;
        }
        double nearest = Double.MAX_VALUE;
        for (int label = 0; label < means.length; label++) {
            nearest = Math.min(nearest, square - 2 * scores[label] + squares[label]);
        }
        return Math.max(0, 1 - StrictMath.sqrt(Math.max(0, nearest)));
    }
}
