package dev.llmlifecycle.core.examples;

/**
 * Vectors of length one (or zero), one after the other in one array. Single precision, summed in a fixed order, so that
 * every platform gives the same numbers.
 */
final class Vectors {

    static final Vectors NONE = new Vectors(0, 0);

    private static final int LANES = 8;

    private final int dimension;
    private final float[] values;

    Vectors(int size, int dimension) {
        long numbers = (long) size * dimension;
        if (numbers > Integer.MAX_VALUE - LANES) {
            throw new IllegalArgumentException("a pool of " + size + " examples of " + dimension + " dimensions has "
                    + numbers + " numbers; an exact scan takes up to 2^31, use fewer examples");
        }
        this.dimension = dimension;
        this.values = new float[(int) numbers];
    }

    int dimension() {
        return dimension;
    }

    void put(int row, float[] vector) {
        System.arraycopy(vector, 0, values, row * dimension, dimension);
    }

    void put(int row, Vectors other, int otherRow) {
        System.arraycopy(other.values, otherRow * dimension, values, row * dimension, dimension);
    }

    /** Returns the cosines of all rows with a vector. */
    float[] cosines(float[] vector) {
        float[] cosines = new float[dimension == 0 ? 0 : values.length / dimension];
        for (int row = 0; row < cosines.length; row++) {
            cosines[row] = dot(values, row * dimension, vector, 0, dimension);
        }
        return cosines;
    }

    float cosine(int row, int other) {
        return dot(values, row * dimension, values, other * dimension, dimension);
    }

    float cosine(int row, Vectors others, int other) {
        return dot(values, row * dimension, others.values, other * dimension, dimension);
    }

    float cosine(int row, float[] vector) {
        return dot(values, row * dimension, vector, 0, dimension);
    }

    /** Eight sums at a time, which is what keeps the processor busy: a single one waits for itself. */
    private static float dot(float[] a, int startA, float[] b, int startB, int length) {
        float s0 = 0;
        float s1 = 0;
        float s2 = 0;
        float s3 = 0;
        float s4 = 0;
        float s5 = 0;
        float s6 = 0;
        float s7 = 0;
        int i = 0;
        for (int end = length - length % LANES; i < end; i += LANES) {
            int p = startA + i;
            int q = startB + i;
            s0 += a[p] * b[q];
            s1 += a[p + 1] * b[q + 1];
            s2 += a[p + 2] * b[q + 2];
            s3 += a[p + 3] * b[q + 3];
            s4 += a[p + 4] * b[q + 4];
            s5 += a[p + 5] * b[q + 5];
            s6 += a[p + 6] * b[q + 6];
            s7 += a[p + 7] * b[q + 7];
        }
        for (; i < length; i++) {
            s0 += a[startA + i] * b[startB + i];
        }
        return ((s0 + s4) + (s1 + s5)) + ((s2 + s6) + (s3 + s7));
    }
}
