package dev.llmlifecycle.core.classify;

/**
 * One weight for each feature and label: rows of labels, first those of the embedding, then of the n-grams, then the
 * intercept. Rows are padded to a length that suits vector instructions.
 */
final class LinearWeights {

    /** The value of the feature that all texts share. */
    static final float INTERCEPT = 0.5f;

    private static final int LANES = 16;

    private final int dimension;
    private final int features;
    private final int labels;
    private final int stride;
    private final float[] weights;

    /**
     * Creates weights of zero.
     *
     * @param dimension of the embedding
     * @param features of embedding and n-grams together
     * @param labels how many labels
     */
    LinearWeights(int dimension, int features, int labels) {
        this.dimension = dimension;
        this.features = features;
        this.labels = labels;
        this.stride = (labels + LANES - 1) / LANES * LANES;
        this.weights = new float[Math.multiplyExact(features + 1, stride)];
    }

    int labels() {
        return labels;
    }

    /** Returns the number of rows, intercept included. */
    int rows() {
        return features + 1;
    }

    /** Returns the row of a bucket. */
    int rowOf(int bucket) {
        return dimension + bucket;
    }

    float get(int row, int label) {
        return weights[row * stride + label];
    }

    void set(int row, int label, float weight) {
        weights[row * stride + label] = weight;
    }

    /** Returns an array for {@link #score}. */
    float[] newScores() {
        return new float[stride];
    }

    /** Writes the score of each label; behind the last label are zeros. */
    void score(Features text, float[] scores) {
        int last = features * stride;
        for (int i = 0; i < stride; i++) {
            scores[i] = INTERCEPT * weights[last + i];
        }
        float[] embedding = text.embedding();
        int row = 0;
        for (; row + 7 < embedding.length; row += 8) {
            addEight(row * stride, embedding, row, scores);
        }
        for (; row + 3 < embedding.length; row += 4) {
            addFour(
                    row * stride,
                    (row + 1) * stride,
                    (row + 2) * stride,
                    (row + 3) * stride,
                    embedding[row],
                    embedding[row + 1],
                    embedding[row + 2],
                    embedding[row + 3],
                    scores);
        }
        for (; row < embedding.length; row++) {
            addOne(row * stride, embedding[row], scores);
        }
        int[] buckets = text.buckets();
        float[] values = text.values();
        int next = 0;
        for (; next + 3 < buckets.length; next += 4) {
            addFour(
                    rowOf(buckets[next]) * stride,
                    rowOf(buckets[next + 1]) * stride,
                    rowOf(buckets[next + 2]) * stride,
                    rowOf(buckets[next + 3]) * stride,
                    values[next],
                    values[next + 1],
                    values[next + 2],
                    values[next + 3],
                    scores);
        }
        for (; next < buckets.length; next++) {
            addOne(rowOf(buckets[next]) * stride, values[next], scores);
        }
    }

    /** Moves the weights against the gradient of the scores. */
    void move(Features text, float[] gradient, float rate) {
        float[] embedding = text.embedding();
        int row = 0;
        for (; row + 3 < embedding.length; row += 4) {
            moveFour(
                    row * stride,
                    -rate * embedding[row],
                    -rate * embedding[row + 1],
                    -rate * embedding[row + 2],
                    -rate * embedding[row + 3],
                    gradient);
        }
        for (; row < embedding.length; row++) {
            moveOne(row * stride, -rate * embedding[row], gradient);
        }
        int[] buckets = text.buckets();
        float[] values = text.values();
        for (int i = 0; i < buckets.length; i++) {
            moveOne(rowOf(buckets[i]) * stride, -rate * values[i], gradient);
        }
        moveOne(features * stride, -rate * INTERCEPT, gradient);
    }

    /** Shrinks every weight. */
    void scale(float factor) {
        for (int i = 0; i < weights.length; i++) {
            weights[i] *= factor;
        }
    }

    private void addEight(int start, float[] values, int first, float[] scores) {
        float[] w = weights;
        int length = stride;
        int b = start + length;
        int c = b + length;
        int d = c + length;
        int e = d + length;
        int f = e + length;
        int g = f + length;
        int h = g + length;
        float v0 = values[first];
        float v1 = values[first + 1];
        float v2 = values[first + 2];
        float v3 = values[first + 3];
        float v4 = values[first + 4];
        float v5 = values[first + 5];
        float v6 = values[first + 6];
        float v7 = values[first + 7];
        for (int i = 0; i < length; i++) {
            scores[i] += ((v0 * w[start + i] + v1 * w[b + i]) + (v2 * w[c + i] + v3 * w[d + i]))
                    + ((v4 * w[e + i] + v5 * w[f + i]) + (v6 * w[g + i] + v7 * w[h + i]));
        }
    }

    private void addFour(int a, int b, int c, int d, float x, float y, float z, float v, float[] scores) {
        float[] w = weights;
        int length = stride;
        for (int i = 0; i < length; i++) {
            scores[i] += x * w[a + i] + y * w[b + i] + (z * w[c + i] + v * w[d + i]);
        }
    }

    private void addOne(int start, float value, float[] scores) {
        float[] w = weights;
        int length = stride;
        for (int i = 0; i < length; i++) {
            scores[i] += value * w[start + i];
        }
    }

    private void moveFour(int start, float x, float y, float z, float v, float[] gradient) {
        float[] w = weights;
        int length = stride;
        int b = start + length;
        int c = b + length;
        int d = c + length;
        for (int i = 0; i < length; i++) {
            float g = gradient[i];
            w[start + i] += x * g;
            w[b + i] += y * g;
            w[c + i] += z * g;
            w[d + i] += v * g;
        }
    }

    private void moveOne(int start, float value, float[] gradient) {
        float[] w = weights;
        int length = stride;
        for (int i = 0; i < length; i++) {
            w[start + i] += value * gradient[i];
        }
    }
}
