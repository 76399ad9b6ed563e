package dev.llmlifecycle.retrieval.langchain4j;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.store.embedding.EmbeddingSearchRequest;
import dev.langchain4j.store.embedding.EmbeddingSearchResult;
import dev.langchain4j.store.embedding.EmbeddingStore;
import dev.langchain4j.store.embedding.filter.Filter;
import dev.llmlifecycle.retrieval.vector.VectorIndex;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/** A store whose index is brought into a state after each write. */
@NullMarked
final class StoreInState implements EmbeddingStore<TextSegment>, AutoCloseable {

    private final IndexState state;
    private final int dimension;
    private final Supplier<Path> directory;
    private @Nullable VectorIndex index;
    private int writes;

    StoreInState(IndexState state, int dimension, Supplier<Path> directory) {
        this.state = state;
        this.dimension = dimension;
        this.directory = directory;
    }

    private VectorIndex index() {
        VectorIndex open = index;
        if (open == null) {
            VectorIndex.Builder builder = VectorIndex.builder(dimension);
            if (state != IndexState.EXACT) {
                builder.exactLimit(1);
            }
            if (state == IndexState.REOPENED) {
                builder.directory(directory.get().resolve("index")).neverForce();
            }
            open = builder.build();
            index = open;
        }
        return open;
    }

    private EmbeddingStore<TextSegment> store() {
        return VectorIndexEmbeddingStore.of(index());
    }

    private void written() {
        writes++;
        switch (state) {
            case EXACT -> {}
            case GRAPH -> index().compact();
            case MIXED -> {
                if (writes % 2 == 1) {
                    index().compact();
                }
            }
            case REOPENED -> close();
        }
    }

    @Override
    public String add(Embedding embedding) {
        String id = store().add(embedding);
        written();
        return id;
    }

    @Override
    public void add(String id, Embedding embedding) {
        store().add(id, embedding);
        written();
    }

    @Override
    public String add(Embedding embedding, TextSegment segment) {
        String id = store().add(embedding, segment);
        written();
        return id;
    }

    @Override
    public List<String> addAll(List<Embedding> embeddings) {
        List<String> ids = store().addAll(embeddings);
        written();
        return ids;
    }

    @Override
    public void addAll(List<String> ids, List<Embedding> embeddings, List<TextSegment> segments) {
        store().addAll(ids, embeddings, segments);
        written();
    }

    @Override
    public void removeAll(Collection<String> ids) {
        store().removeAll(ids);
        written();
    }

    @Override
    public void removeAll(Filter filter) {
        store().removeAll(filter);
        written();
    }

    @Override
    public void removeAll() {
        store().removeAll();
        written();
    }

    @Override
    public EmbeddingSearchResult<TextSegment> search(EmbeddingSearchRequest request) {
        return store().search(request);
    }

    @Override
    public void close() {
        if (index != null) {
            index.close();
            index = null;
        }
    }
}
