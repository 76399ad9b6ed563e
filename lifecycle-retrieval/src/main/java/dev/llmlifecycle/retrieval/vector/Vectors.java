package dev.llmlifecycle.retrieval.vector;

import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.retrieval.vector.internal.VectorMath;

/** Arithmetic on vectors of length one. */
final class Vectors {

    private static final VectorMath MATH = VectorMath.best();

    private Vectors() {}

    /** Scales a vector to length one; a zero vector stays zero, so that it is near to nothing. */
    static float[] normalise(float[] vector) {
        double squares = 0;
        for (float value : vector) {
            squares += (double) value * value;
        }
        if (!Double.isFinite(squares)) {
            throw new LifecycleException(
                    "Embedding a text gave a vector that is not finite; check the embedding model");
        }
        double length = Math.sqrt(squares);
        float[] normalised = new float[vector.length];
        for (int i = 0; length > 0 && i < vector.length; i++) {
            normalised[i] = (float) (vector[i] / length);
        }
        return normalised;
    }

    /** Returns the inner product: the cosine, when both have length one. */
    static float dot(float[] a, float[] b) {
        return MATH.dot(a, 0, b, 0, a.length);
    }
}
