package dev.llmlifecycle.retrieval.vector.internal;

/** The layout of vectors in a row: floats one after the other, each vector padded with zeros to whole cache lines. */
public final class Rows {

    /** Floats in a cache line of 64 bytes, and in the widest SIMD register. */
    public static final int LINE = 16;

    private Rows() {}

    /**
     * Returns the floats that a vector takes in a row.
     *
     * @param dimension numbers of a vector
     * @return the dimension, rounded up to a multiple of {@link #LINE}
     */
    public static int length(int dimension) {
        return (dimension + LINE - 1) / LINE * LINE;
    }
}
