package dev.llmlifecycle.retrieval.vector.internal;

/**
 * The inner loops of vector search.
 *
 * <p>Stateless and thread-safe. One implementation gives one result for the same numbers, wherever they lie; two
 * implementations add in another order and differ in the last bits.
 */
public interface VectorMath {

    /**
     * Returns the inner product.
     *
     * @param a holds one vector
     * @param aOffset where it begins
     * @param b holds the other
     * @param bOffset where it begins
     * @param length numbers of each
     */
    float dot(float[] a, int aOffset, float[] b, int bOffset, int length);

    /** Returns the square of the Euclidean distance; arguments as for {@link #dot}. */
    float squaredDistance(float[] a, int aOffset, float[] b, int bOffset, int length);

    /** Returns what this JVM runs fastest. */
    static VectorMath best() {
        return VectorMathProvider.BEST;
    }
}
