package dev.llmlifecycle.retrieval.vector;

import dev.llmlifecycle.retrieval.vector.internal.Metric;

/**
 * What counts as near in a {@link VectorIndex}, and the score it gives.
 *
 * <p>Immutable.
 *
 * @since 0.1
 */
public enum VectorSimilarity {
    /**
     * The cosine of the angle, from -1 to 1.
     *
     * <p>Vectors are kept, and given back, with length one; a zero vector has no angle and is refused.
     */
    COSINE(Metric.INNER_PRODUCT),
    /** The inner product, any number. */
    INNER_PRODUCT(Metric.INNER_PRODUCT),
    /** The Euclidean distance d, scored as 1 / (1 + d²): above 0 and at most 1, as Lucene and OpenSearch do. */
    EUCLIDEAN(Metric.EUCLIDEAN);

    private final Metric metric;

    VectorSimilarity(Metric metric) {
        this.metric = metric;
    }

    Metric metric() {
        return metric;
    }

    double score(float closeness) {
        return switch (this) {
            // Rounding can lead a little beyond.
            case COSINE -> Math.max(-1, Math.min(1, closeness));
            case INNER_PRODUCT -> closeness;
            case EUCLIDEAN -> 1 / (1 - (double) closeness);
        };
    }
}
