package dev.llmlifecycle.retrieval.langchain4j;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.store.embedding.EmbeddingMatch;
import dev.langchain4j.store.embedding.EmbeddingSearchRequest;
import dev.langchain4j.store.embedding.EmbeddingSearchResult;
import dev.langchain4j.store.embedding.EmbeddingStore;
import dev.langchain4j.store.embedding.RelevanceScore;
import dev.langchain4j.store.embedding.filter.Filter;
import dev.llmlifecycle.retrieval.vector.VectorEntry;
import dev.llmlifecycle.retrieval.vector.VectorIndex;
import dev.llmlifecycle.retrieval.vector.VectorMatch;
import dev.llmlifecycle.retrieval.vector.VectorQuery;
import dev.llmlifecycle.retrieval.vector.VectorSimilarity;
import org.jspecify.annotations.Nullable;

/**
 * A {@link VectorIndex} as the embedding store of a LangChain4j application.
 *
 * <p>It keeps the contract of LangChain4j 1.19: scores are relevance, (cosine + 1) / 2, the nearest first and those of
 * one score by their ids; filters have the semantics of their own {@code test}; an entry without a segment is found,
 * but by no filter. Other than LangChain4j's in-memory store, an id is there once: added again, the entry takes the
 * place of the one before. A call that adds or removes many does so at once or, when it throws, not at all. Embeddings
 * of length one come back as they were, others with length one.
 *
 * <pre>{@code
 * EmbeddingStore<TextSegment> store = VectorIndexEmbeddingStore.of(index);
 * EmbeddingStoreContentRetriever.builder().embeddingStore(store).embeddingModel(model).build();
 * }</pre>
 *
 * <p>Thread-safe. Whoever built the index closes it.
 *
 * @since 0.1
 */
public final class VectorIndexEmbeddingStore implements EmbeddingStore<TextSegment> {

    /** More than what rounding can take from a score on its way to a cosine and back. */
    private static final double ROUNDING = 1e-6;

    private final VectorIndex index;

    private VectorIndexEmbeddingStore(VectorIndex index) {
        this.index = index;
    }

    /**
     * Takes an index.
     *
     * @param index what is written and searched; by cosine
     * @return the store
     * @throws IllegalArgumentException when the index is not by cosine, since relevance is defined for that alone
     */
    public static VectorIndexEmbeddingStore of(VectorIndex index) {
        if (index.similarity() != VectorSimilarity.COSINE) {
            throw new IllegalArgumentException("an embedding store has scores by cosine but the index is by "
                    + index.similarity() + "; build the index with VectorSimilarity.COSINE");
        }
        return new VectorIndexEmbeddingStore(index);
    }

    @Override
    public String add(Embedding embedding) {
        return add(embedding, null);
    }

    @Override
    public void add(String id, Embedding embedding) {
        index.add(entry(id, embedding, null));
    }

    @Override
    public String add(Embedding embedding, @Nullable TextSegment segment) {
        String id = generateIds(1).get(0);
        index.add(entry(id, embedding, segment));
        return id;
    }

    @Override
    public List<String> addAll(List<Embedding> embeddings) {
        List<String> ids = generateIds(embeddings.size());
        addAll(ids, embeddings, null);
        return ids;
    }

    /**
     * Adds entries at once.
     *
     * @param ids their ids; of those that are the same, the last entry stays
     * @param embeddings an embedding for each
     * @param segments a segment for each, or null for none at all; a single one can be null
     * @throws IllegalArgumentException when the lists differ in length, or an embedding does not fit the index
     */
    @Override
    public void addAll(List<String> ids, List<Embedding> embeddings, @Nullable List<TextSegment> segments) {
        if (ids.size() != embeddings.size() || (segments != null && ids.size() != segments.size())) {
            throw new IllegalArgumentException(ids.size() + " ids, " + embeddings.size() + " embeddings and "
                    + (segments == null ? "no" : segments.size())
                    + " segments cannot be added; give one of each for an entry");
        }
        Map<String, VectorEntry> entries = new LinkedHashMap<>();
        for (int i = 0; i < ids.size(); i++) {
            String id = ids.get(i);
            entries.put(id, entry(id, embeddings.get(i), segments == null ? null : segments.get(i)));
        }
        index.addAll(entries.values());
    }

    private static VectorEntry entry(String id, Embedding embedding, @Nullable TextSegment segment) {
        return segment == null
                ? VectorEntry.of(id, embedding.vector())
                : VectorEntry.of(id, embedding.vector(), segment);
    }

    /**
     * Removes entries by their ids; those that are not there do not matter. The message of the exception is
     * LangChain4j's.
     *
     * @throws IllegalArgumentException when there is no id
     */
    @Override
    public void removeAll(Collection<String> ids) {
        if (ids == null || ids.isEmpty()) {
            throw new IllegalArgumentException("ids cannot be null or empty");
        }
        index.remove(ids);
    }

    /**
     * Removes the entries that a filter matches.
     *
     * @throws IllegalArgumentException when the filter is null, or cannot compare what an entry has
     */
    @Override
    public void removeAll(Filter filter) {
        if (filter == null) {
            throw new IllegalArgumentException("filter cannot be null");
        }
        index.remove(filter);
    }

    @Override
    public void removeAll() {
        index.removeAll();
    }

    /**
     * Finds the entries with the nearest embeddings.
     *
     * @throws IllegalArgumentException when the embedding does not fit the index, or the filter cannot compare what an
     *     entry has
     */
    @Override
    public EmbeddingSearchResult<TextSegment> search(EmbeddingSearchRequest request) {
        VectorQuery.Builder query = VectorQuery.builder(request.queryEmbedding().vector())
                .k(request.maxResults())
                .minScore(2 * request.minScore() - 1 - ROUNDING);
        Filter filter = request.filter();
        if (filter != null) {
            query.filter(filter);
        }
        return new EmbeddingSearchResult<>(index.search(query.build()).matches().stream()
                .map(VectorIndexEmbeddingStore::match)
                .filter(match -> match.score() >= request.minScore())
                .toList());
    }

    private static EmbeddingMatch<TextSegment> match(VectorMatch match) {
        return new EmbeddingMatch<>(
                RelevanceScore.fromCosineSimilarity(match.score()),
                match.id(),
                Embedding.from(match.vector()),
                match.text()
                        .map(text -> TextSegment.from(text, match.metadata()))
                        .orElse(null));
    }
}
