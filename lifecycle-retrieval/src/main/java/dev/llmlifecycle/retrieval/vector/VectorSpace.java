package dev.llmlifecycle.retrieval.vector;

import java.util.Arrays;

import dev.llmlifecycle.retrieval.vector.internal.Metric;
import dev.llmlifecycle.retrieval.vector.internal.Rows;
import dev.llmlifecycle.retrieval.vector.internal.VectorMath;

/** What vectors of an index are like: their dimension and what is near. */
final class VectorSpace {

    /** Squares of differences of shorter vectors are far from what a float can hold. */
    private static final double LONGEST = 1e18;

    /** How far the length of a vector of floats can be from one, when it was divided by its length. */
    private static final double ROUNDING = 1e-6;

    private final int dimension;
    private final VectorSimilarity similarity;
    private final VectorMath math = VectorMath.best();

    VectorSpace(int dimension, VectorSimilarity similarity) {
        this.dimension = dimension;
        this.similarity = similarity;
    }

    int dimension() {
        return dimension;
    }

    VectorSimilarity similarity() {
        return similarity;
    }

    Metric metric() {
        return similarity.metric();
    }

    VectorMath math() {
        return math;
    }

    /** Returns the vector of an entry as it is kept. */
    float[] kept(VectorEntry entry) {
        return prepare(entry.vector(), "Adding '" + entry.id() + "'");
    }

    /** Returns a query as it is compared with rows. */
    float[] padded(float[] query) {
        return Arrays.copyOf(prepare(query.clone(), "Searching"), Rows.length(dimension));
    }

    private float[] prepare(float[] vector, String doing) {
        if (vector.length != dimension) {
            throw new IllegalArgumentException(doing + " needs a vector of " + dimension
                    + " dimensions, as the index has, but it has " + vector.length
                    + "; use the embedding model that the index was made with");
        }
        double squares = 0;
        for (float value : vector) {
            squares += (double) value * value;
        }
        double length = Math.sqrt(squares);
        // Also what is not a number is refused.
        if (!(length <= LONGEST)) {
            throw new IllegalArgumentException(doing + " needs a vector of finite numbers, at most " + LONGEST
                    + " long, but its length is " + length + "; check the embedding model");
        }
        if (similarity == VectorSimilarity.COSINE) {
            if (length == 0) {
                throw new IllegalArgumentException(doing
                        + " needs a vector with a direction, since the index compares by cosine, but all its numbers are zero;"
                        + " leave it out, or use VectorSimilarity.INNER_PRODUCT");
            }
            // One of length one but for rounding stays as it is, so that it comes back as it was given.
            if (Math.abs(length - 1) > ROUNDING) {
                for (int i = 0; i < vector.length; i++) {
                    vector[i] = (float) (vector[i] / length);
                }
            }
        }
        return vector;
    }
}
