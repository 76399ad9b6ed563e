package dev.llmlifecycle.samples.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

import com.github.jelmerk.hnswlib.core.DistanceFunctions;
import com.github.jelmerk.hnswlib.core.Item;
import com.github.jelmerk.hnswlib.core.hnsw.HnswIndex;
import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.store.embedding.EmbeddingSearchRequest;
import dev.langchain4j.store.embedding.inmemory.InMemoryEmbeddingStore;
import dev.llmlifecycle.retrieval.vector.VectorEntry;
import dev.llmlifecycle.retrieval.vector.VectorIndex;
import dev.llmlifecycle.retrieval.vector.VectorQuery;

/** Something that searches vectors, with the number of a vector as its id. */
interface VectorEngine extends AutoCloseable {

    /** The recall that a width is chosen for, by queries that are not those it is then told of. */
    double TARGET = 0.955;

    int FIRST_WIDTH = VectorData.K;
    int WIDEST = 2_000;
    int M = 16;
    int EF_CONSTRUCTION = 200;

    /**
     * Finds the nearest.
     *
     * @param width how many candidates a graph keeps in sight
     */
    List<Integer> search(float[] query, int width);

    @Override
    void close();

    /** Returns the smallest width, by steps of a tenth, that finds enough of what the tuning queries should find. */
    static int width(VectorEngine engine, VectorData data) {
        List<Set<Integer>> truth = data.truth(data.tuning(), row -> true);
        int width = FIRST_WIDTH;
        while (width < WIDEST && recall(engine, width, data.tuning(), truth) < TARGET) {
            width += Math.max(1, width / 10);
        }
        return width;
    }

    static double recall(VectorEngine engine, int width, List<float[]> queries, List<Set<Integer>> truth) {
        return VectorData.recall(queries, truth, query -> engine.search(query, width));
    }

    static VectorEntry entry(VectorData data, int row) {
        return VectorEntry.of(Integer.toString(row), data.base().get(row), new Metadata().put("bucket", row % 1_000));
    }

    static VectorIndex index(VectorData data) {
        VectorIndex index = VectorIndex.builder(data.dimension()).build();
        index.addAll(IntStream.range(0, data.base().size())
                .mapToObj(row -> entry(data, row))
                .toList());
        index.awaitBackground();
        return index;
    }

    /** The index. */
    record OfIndex(VectorIndex index) implements VectorEngine {

        @Override
        public List<Integer> search(float[] query, int width) {
            return rows(
                    index,
                    VectorQuery.builder(query).k(VectorData.K).width(width).build());
        }

        static List<Integer> rows(VectorIndex index, VectorQuery query) {
            return index.search(query).matches().stream()
                    .map(match -> Integer.valueOf(match.id()))
                    .toList();
        }

        @Override
        public void close() {
            index.close();
        }
    }

    /** The store. */
    final class OfStore implements VectorEngine {

        private final InMemoryEmbeddingStore<TextSegment> store = new InMemoryEmbeddingStore<>();

        OfStore(VectorData data) {
            List<String> ids = new ArrayList<>();
            List<Embedding> embeddings = new ArrayList<>();
            List<TextSegment> segments = new ArrayList<>();
            for (int row = 0; row < data.base().size(); row++) {
                ids.add(Integer.toString(row));
                embeddings.add(Embedding.from(data.base().get(row)));
                segments.add(null);
            }
            store.addAll(ids, embeddings, segments);
        }

        @Override
        public List<Integer> search(float[] query, int width) {
            return store
                    .search(EmbeddingSearchRequest.builder()
                            .queryEmbedding(Embedding.from(query))
                            .maxResults(VectorData.K)
                            .build())
                    .matches()
                    .stream()
                    .map(match -> Integer.valueOf(match.embeddingId()))
                    .toList();
        }

        @Override
        public void close() {}
    }

    /** The library that the index builds its graphs with. */
    final class OfHnswlib implements VectorEngine {

        private final HnswIndex<Integer, float[], Row, Float> index;

        OfHnswlib(VectorData data, int capacity) {
            index = HnswIndex.newBuilder(data.dimension(), DistanceFunctions.FLOAT_INNER_PRODUCT, capacity)
                    .withM(M)
                    .withEfConstruction(EF_CONSTRUCTION)
                    .withRemoveEnabled()
                    .build();
            addAll(data, IntStream.range(0, data.base().size()).boxed().toList());
        }

        void addAll(VectorData data, List<Integer> rows) {
            try {
                index.addAll(rows.stream()
                        .map(row -> new Row(row, data.base().get(row)))
                        .toList());
            } catch (InterruptedException e) {
                throw new IllegalStateException("the building of a graph was interrupted", e);
            }
        }

        void remove(int row) {
            index.remove(row, 0);
        }

        @Override
        public List<Integer> search(float[] query, int width) {
            index.setEf(width);
            return index.findNearest(query, VectorData.K).stream()
                    .map(result -> result.item().id())
                    .toList();
        }

        @Override
        public void close() {}

        @SuppressWarnings("ArrayRecordComponent")
        private record Row(Integer id, float[] vector) implements Item<Integer, float[]> {

            private static final long serialVersionUID = 1L;

            @Override
            public int dimensions() {
                return vector.length;
            }
        }
    }
}
