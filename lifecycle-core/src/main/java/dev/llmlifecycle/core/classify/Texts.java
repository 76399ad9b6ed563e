package dev.llmlifecycle.core.classify;

import java.util.List;

/**
 * Texts with what features are made of.
 *
 * @param embeddings one for each text, or none at all
 * @param counts n-grams of each text, or none at all
 * @param dimension of the embeddings, 0 without
 * @param buckets of the n-grams, 0 without
 */
record Texts(List<float[]> embeddings, List<NGrams.Counts> counts, int dimension, int buckets) {

    private static final float[] NO_EMBEDDING = {};

    float[] embedding(int row) {
        return dimension == 0 ? NO_EMBEDDING : embeddings.get(row);
    }

    NGrams.Counts counts(int row) {
        return buckets == 0 ? NGrams.Counts.NONE : counts.get(row);
    }

    int size() {
        return Math.max(embeddings.size(), counts.size());
    }

    Features features(int row, FeatureSpace space) {
        return space.features(embedding(row), counts(row));
    }
}
