package dev.llmlifecycle.retrieval.vector;

import com.github.jelmerk.hnswlib.core.Item;

/** A vector in the graph, named by its position. */
final class GraphItem implements Item<Integer, float[]> {

    private static final long serialVersionUID = 1L;

    private final int position;
    private final float[] vector;

    GraphItem(int position, float[] vector) {
        this.position = position;
        this.vector = vector;
    }

    @Override
    public Integer id() {
        return position;
    }

    @Override
    public float[] vector() {
        return vector;
    }

    @Override
    public int dimensions() {
        return vector.length;
    }
}
