package dev.llmlifecycle.retrieval.vector;

import java.util.SplittableRandom;

import org.jspecify.annotations.NullMarked;

/** Vectors around some centres, as those of texts are; the same for a seed. */
@NullMarked
final class ClusteredVectors {

    private final float[][] centres;
    private final SplittableRandom random;

    ClusteredVectors(int dimension, int centres, long seed) {
        this.random = new SplittableRandom(seed);
        this.centres = new float[centres][dimension];
        for (float[] centre : this.centres) {
            for (int i = 0; i < dimension; i++) {
                centre[i] = (float) random.nextDouble(-1, 1);
            }
        }
    }

    float[] next() {
        float[] vector = centres[random.nextInt(centres.length)].clone();
        for (int i = 0; i < vector.length; i++) {
            vector[i] += (float) random.nextDouble(-0.7, 0.7);
        }
        return vector;
    }
}
