package dev.llmlifecycle.retrieval.vector;

import dev.llmlifecycle.api.LifecycleException;

/** Arithmetic on vectors of length one. */
final class Vectors {

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
        // Four sums, since the compiler may not reorder one chain of float additions.
        float s0 = 0;
        float s1 = 0;
        float s2 = 0;
        float s3 = 0;
        int i = 0;
        for (; i + 3 < a.length; i += 4) {
            s0 += a[i] * b[i];
            s1 += a[i + 1] * b[i + 1];
            s2 += a[i + 2] * b[i + 2];
            s3 += a[i + 3] * b[i + 3];
        }
        for (; i < a.length; i++) {
            s0 += a[i] * b[i];
        }
        return s0 + s1 + s2 + s3;
    }
}
