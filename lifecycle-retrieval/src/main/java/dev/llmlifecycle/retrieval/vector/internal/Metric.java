package dev.llmlifecycle.retrieval.vector.internal;

/** How near two vectors are, as one number that is greater the nearer they are. */
public enum Metric {
    /** The inner product; the cosine, when both vectors have length one. */
    INNER_PRODUCT {
        @Override
        float closeness(VectorMath math, float[] a, int aOffset, float[] b, int bOffset, int length) {
            return math.dot(a, aOffset, b, bOffset, length);
        }
    },
    /** The negative square of the Euclidean distance. */
    EUCLIDEAN {
        @Override
        float closeness(VectorMath math, float[] a, int aOffset, float[] b, int bOffset, int length) {
            return -math.squaredDistance(a, aOffset, b, bOffset, length);
        }
    };

    abstract float closeness(VectorMath math, float[] a, int aOffset, float[] b, int bOffset, int length);
}
