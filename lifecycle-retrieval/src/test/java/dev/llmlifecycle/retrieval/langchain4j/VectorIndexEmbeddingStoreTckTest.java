package dev.llmlifecycle.retrieval.langchain4j;

import java.nio.file.Path;
import java.util.List;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.store.embedding.EmbeddingStore;
import dev.langchain4j.store.embedding.EmbeddingStoreWithFilteringIT;
import dev.langchain4j.store.embedding.EmbeddingStoreWithRemovalIT;
import dev.llmlifecycle.retrieval.vector.TrigramModel;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/** LangChain4j's own suites, in each state that an index can be in. */
@NullMarked
final class VectorIndexEmbeddingStoreTckTest {

    @Nested
    class FilteringInMemory extends Filtering {
        FilteringInMemory() {
            super(IndexState.EXACT);
        }
    }

    @Nested
    class FilteringInGraphs extends Filtering {
        FilteringInGraphs() {
            super(IndexState.GRAPH);
        }
    }

    @Nested
    class FilteringInMixedSegments extends Filtering {
        FilteringInMixedSegments() {
            super(IndexState.MIXED);
        }
    }

    @Nested
    class FilteringReopened extends Filtering {
        FilteringReopened() {
            super(IndexState.REOPENED);
        }
    }

    @Nested
    class RemovalInMemory extends Removal {
        RemovalInMemory() {
            super(IndexState.EXACT);
        }
    }

    @Nested
    class RemovalInGraphs extends Removal {
        RemovalInGraphs() {
            super(IndexState.GRAPH);
        }
    }

    @Nested
    class RemovalInMixedSegments extends Removal {
        RemovalInMixedSegments() {
            super(IndexState.MIXED);
        }
    }

    @Nested
    class RemovalReopened extends Removal {
        RemovalReopened() {
            super(IndexState.REOPENED);
        }
    }

    private static final EmbeddingModel MODEL = new UnitModel();

    /** Gives vectors of length one, as most models do; they come back as they were, which the suites want. */
    private static final class UnitModel implements EmbeddingModel {

        private final TrigramModel trigrams = new TrigramModel();

        @Override
        public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
            Response<List<Embedding>> response = trigrams.embedAll(segments);
            response.content().forEach(Embedding::normalize);
            return response;
        }
    }

    private abstract static class Filtering extends EmbeddingStoreWithFilteringIT {

        @TempDir
        private Path directory;

        private final StoreInState store;

        Filtering(IndexState state) {
            store = new StoreInState(state, MODEL.dimension(), () -> directory);
        }

        @Override
        protected EmbeddingStore<TextSegment> embeddingStore() {
            return store;
        }

        @Override
        protected EmbeddingModel embeddingModel() {
            return MODEL;
        }

        @Override
        protected boolean supportsContains() {
            return true;
        }

        @AfterEach
        void close() {
            store.close();
        }
    }

    private abstract static class Removal extends EmbeddingStoreWithRemovalIT {

        @TempDir
        private Path directory;

        private final StoreInState store;

        Removal(IndexState state) {
            store = new StoreInState(state, MODEL.dimension(), () -> directory);
        }

        @Override
        protected EmbeddingStore<TextSegment> embeddingStore() {
            return store;
        }

        @Override
        protected EmbeddingModel embeddingModel() {
            return MODEL;
        }

        @AfterEach
        void close() {
            store.close();
        }
    }
}
