package dev.llmlifecycle.core.classify;

/**
 * Turns embeddings and n-grams into features: the embedding less the mean of all, and n-grams weighed by how rare they
 * are in the training texts (tf-idf with a logarithm of the count).
 */
final class FeatureSpace {

    private static final float EMBEDDING_SCALE = 4;
    private static final float N_GRAM_SCALE = 2;
    private static final float N_GRAM_SCALE_ALONE = 4;

    private final float[] mean;
    private final float[] idf;

    /**
     * Creates a space.
     *
     * @param mean of the embeddings; empty without a model
     * @param idf of each bucket, 0 where the training texts have none in it; empty without n-grams
     */
    FeatureSpace(float[] mean, float[] idf) {
        this.mean = mean;
        this.idf = idf;
    }

    static FeatureSpace fit(Texts texts, int[] rows) {
        float[] mean = new float[texts.dimension()];
        for (int row : rows) {
            float[] embedding = texts.embedding(row);
            for (int i = 0; i < mean.length; i++) {
                mean[i] += embedding[i] / rows.length;
            }
        }
        float[] idf = new float[texts.buckets()];
        for (int row : rows) {
            for (int bucket : texts.counts(row).buckets()) {
                idf[bucket]++;
            }
        }
        for (int i = 0; i < idf.length; i++) {
            idf[i] = idf[i] == 0 ? 0 : (float) StrictMath.log((1.0 + rows.length) / idf[i]);
        }
        return new FeatureSpace(mean, idf);
    }

    float[] mean() {
        return mean;
    }

    float[] idf() {
        return idf;
    }

    /** Returns how many numbers a text becomes. */
    int size() {
        return mean.length + idf.length;
    }

    /**
     * Turns a text into features.
     *
     * @param embedding of length one, or of zeros; empty without a model
     * @param counts its n-grams, none without n-grams
     */
    Features features(float[] embedding, NGrams.Counts counts) {
        float[] centred = new float[mean.length];
        for (int i = 0; i < centred.length; i++) {
            centred[i] = EMBEDDING_SCALE * (embedding[i] - mean[i]);
        }
        int known = 0;
        for (int bucket : counts.buckets()) {
            known += idf[bucket] > 0 ? 1 : 0;
        }
        int[] buckets = new int[known];
        float[] values = new float[known];
        double squares = 0;
        int next = 0;
        for (int i = 0; i < counts.buckets().length; i++) {
            int bucket = counts.buckets()[i];
            if (idf[bucket] > 0) {
                int count = counts.counts()[i];
                buckets[next] = bucket;
                values[next] = idf[bucket] * (count == 1 ? 1 : (float) (1 + StrictMath.log(count)));
                squares += values[next] * values[next];
                next++;
            }
        }
        float scale = squares == 0
                ? 0
                : (float) ((mean.length > 0 ? N_GRAM_SCALE : N_GRAM_SCALE_ALONE) / StrictMath.sqrt(squares));
        for (int i = 0; i < known; i++) {
            values[i] *= scale;
        }
        return new Features(
                centred, buckets, values, counts.buckets().length == 0 ? 0 : known / (double) counts.buckets().length);
    }
}
