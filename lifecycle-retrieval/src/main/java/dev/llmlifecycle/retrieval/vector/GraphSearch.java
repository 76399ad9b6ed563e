package dev.llmlifecycle.retrieval.vector;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;

import com.github.jelmerk.hnswlib.core.hnsw.HnswIndex;
import dev.llmlifecycle.api.LifecycleException;

/**
 * Searches a graph of near vectors (HNSW), built once and never changed.
 *
 * <p>The library underneath keeps one set of marks for each processor, lends them from a blocking pool and loses the
 * interrupt flag of whoever waits there. So callers wait here instead, and an interrupted one gets its flag back.
 */
final class GraphSearch implements VectorSearch {

    private static final int LINKS = 16;
    private static final int CONSTRUCTION_WIDTH = 200;
    private static final int LEAST_WIDTH = 100;

    private final HnswIndex<Integer, float[], GraphItem, Float> graph;
    private final Semaphore searches;

    private GraphSearch(HnswIndex<Integer, float[], GraphItem, Float> graph, int processors) {
        this.graph = graph;
        this.searches = new Semaphore(processors);
    }

    /** Builds the graph, or gives up when {@code wanted} no longer holds. */
    static Optional<GraphSearch> build(List<float[]> vectors, BooleanSupplier wanted) {
        int processors = Runtime.getRuntime().availableProcessors();
        HnswIndex<Integer, float[], GraphItem, Float> graph = HnswIndex.newBuilder(
                        vectors.get(0).length, new InnerProductDistance(), vectors.size())
                .withM(LINKS)
                .withEfConstruction(CONSTRUCTION_WIDTH)
                .withEf(LEAST_WIDTH)
                .build();
        for (int i = 0; i < vectors.size(); i++) {
            if (!wanted.getAsBoolean()) {
                return Optional.empty();
            }
            graph.add(new GraphItem(i, vectors.get(i)));
        }
        return Optional.of(new GraphSearch(graph, processors));
    }

    @Override
    public int[] nearest(float[] query, int count) {
        try {
            searches.acquire();
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
        try {
            return graph.findNearest(query, count).stream()
                    .mapToInt(result -> result.item().id())
                    .toArray();
        } catch (RuntimeException e) {
            if (e.getCause() instanceof InterruptedException) {
                throw interrupted(e);
            }
            throw e;
        } finally {
            searches.release();
        }
    }

    private static LifecycleException interrupted(Exception cause) {
        Thread.currentThread().interrupt();
        return new LifecycleException(
                "Searching the vector index was interrupted; ask again from a thread that is not", cause);
    }
}
