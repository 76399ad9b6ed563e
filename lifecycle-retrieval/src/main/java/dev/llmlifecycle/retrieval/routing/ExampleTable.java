package dev.llmlifecycle.retrieval.routing;

import java.util.Arrays;
import java.util.List;

/**
 * Examples with their vectors of length one, grouped by intent.
 *
 * <p>Immutable: nobody writes into the arrays after the constructor.
 */
final class ExampleTable {

    private final List<String> texts;
    private final int[] intents;
    private final float[] vectors;
    private final int dimension;
    private final int intentCount;

    /**
     * Takes the arrays as they are.
     *
     * @param texts of the examples
     * @param intents of the examples, ascending
     * @param vectors of the examples, one behind the other
     * @param dimension of a vector
     * @param intentCount one more than the greatest intent may be
     */
    ExampleTable(List<String> texts, int[] intents, float[] vectors, int dimension, int intentCount) {
        this.texts = List.copyOf(texts);
        this.intents = intents;
        this.vectors = vectors;
        this.dimension = dimension;
        this.intentCount = intentCount;
    }

    int size() {
        return intents.length;
    }

    int dimension() {
        return dimension;
    }

    int intentCount() {
        return intentCount;
    }

    String text(int row) {
        return texts.get(row);
    }

    int intent(int row) {
        return intents[row];
    }

    float[] vectors() {
        return vectors;
    }

    float[] vector(int row) {
        return Arrays.copyOfRange(vectors, row * dimension, (row + 1) * dimension);
    }

    void copyTo(int row, double[] target) {
        for (int i = 0; i < dimension; i++) {
            target[i] = vectors[row * dimension + i];
        }
    }
}
