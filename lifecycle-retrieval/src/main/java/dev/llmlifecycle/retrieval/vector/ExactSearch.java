package dev.llmlifecycle.retrieval.vector;

import java.util.List;
import java.util.function.IntPredicate;

/** Looks at every vector that is allowed. */
final class ExactSearch implements VectorSearch {

    private final List<float[]> vectors;
    private final IntPredicate allowed;

    ExactSearch(List<float[]> vectors, IntPredicate allowed) {
        this.vectors = vectors;
        this.allowed = allowed;
    }

    @Override
    public int[] nearest(float[] query, int count) {
        Nearest nearest = new Nearest(Math.min(count, vectors.size()));
        for (int i = 0; i < vectors.size(); i++) {
            if (allowed.test(i)) {
                nearest.offer(i, Vectors.dot(query, vectors.get(i)));
            }
        }
        return nearest.toArray();
    }
}
