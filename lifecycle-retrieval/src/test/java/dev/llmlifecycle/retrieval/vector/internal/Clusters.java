package dev.llmlifecycle.retrieval.vector.internal;

import java.util.Arrays;
import java.util.SplittableRandom;

import org.jspecify.annotations.NullMarked;

/** Vectors of length one around centres, as embeddings of texts of some topics are; from a seed. */
@NullMarked
final class Clusters {

    private final SplittableRandom random;
    private final int dimension;
    private final float[][] centres;

    Clusters(long seed, int dimension, int centres) {
        this.random = new SplittableRandom(seed);
        this.dimension = dimension;
        this.centres = new float[centres][];
        for (int i = 0; i < centres; i++) {
            this.centres[i] = around(new float[dimension], 1);
        }
    }

    /** Returns rows, padded; a row's centre is its number modulo the centres. */
    float[] rows(int count) {
        int length = Rows.length(dimension);
        float[] rows = new float[count * length];
        for (int i = 0; i < count; i++) {
            System.arraycopy(near(i % centres.length), 0, rows, i * length, dimension);
        }
        return rows;
    }

    /** Returns a query near a centre, padded. */
    float[] query(int centre) {
        return Arrays.copyOf(near(centre), Rows.length(dimension));
    }

    private float[] near(int centre) {
        return around(centres[centre], 0.15);
    }

    private float[] around(float[] centre, double deviation) {
        float[] vector = new float[dimension];
        double squares = 0;
        for (int i = 0; i < dimension; i++) {
            vector[i] = (float) (centre[i] + deviation * random.nextGaussian());
            squares += (double) vector[i] * vector[i];
        }
        for (int i = 0; i < dimension; i++) {
            vector[i] /= (float) Math.sqrt(squares);
        }
        return vector;
    }
}
