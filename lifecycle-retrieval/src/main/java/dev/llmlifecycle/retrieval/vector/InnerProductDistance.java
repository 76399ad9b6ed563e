package dev.llmlifecycle.retrieval.vector;

import com.github.jelmerk.hnswlib.core.DistanceFunction;

/** One minus the inner product of vectors of length one. */
final class InnerProductDistance implements DistanceFunction<float[], Float> {

    private static final long serialVersionUID = 1L;

    @Override
    public Float distance(float[] a, float[] b) {
        return 1 - Vectors.dot(a, b);
    }
}
