package dev.llmlifecycle.retrieval.langchain4j;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.store.embedding.EmbeddingMatch;
import dev.langchain4j.store.embedding.EmbeddingSearchRequest;
import dev.langchain4j.store.embedding.EmbeddingStore;
import dev.langchain4j.store.embedding.filter.Filter;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.api.retrieval.Retrieval;
import dev.llmlifecycle.api.retrieval.RetrievalRequest;
import dev.llmlifecycle.api.retrieval.Retriever;

/**
 * Any LangChain4j embedding store as a retriever, such as one more source of a hybrid retrieval.
 *
 * <pre>{@code
 * Retriever tickets = EmbeddingStoreRetriever.builder(store, model, Identity.of("all-minilm-l6-v2-q", "1"))
 *         .corpusId("tickets")
 *         .tenantKey("tenant")
 *         .build();
 * }</pre>
 *
 * <p>The id of a passage is the store's embedding id, its score the store's. Where a store has an id more than once,
 * the best match counts.
 *
 * <p>A filter is handed to the store, and what comes back is tested with it once more, so that a store that passes over
 * a filter leaks nothing. For a store that refuses filters, choose {@link Builder#filterAfterwards} or
 * {@link Builder#refuseFilters}; until then such a request fails and says so. With a {@link Builder#tenantKey}, the
 * tenant of a request is a filter too, and a request without a tenant is refused; without a key, tenants are ignored.
 *
 * <p>The deadline is checked before the question is embedded, before the search and after it. A call of the model or
 * the store is not interrupted here; {@code HybridRetriever} stops waiting for it.
 *
 * <p>Thread-safe when the store and the model are.
 *
 * @since 0.1
 */
public final class EmbeddingStoreRetriever implements Retriever {

    private final EmbeddingStore<TextSegment> store;
    private final EmbeddingModel model;
    private final Identity modelIdentity;
    private final SourceRules rules;
    private final double minimumScore;
    private final Identity identity;

    private EmbeddingStoreRetriever(Builder builder) {
        this.store = builder.store;
        this.model = builder.model;
        this.modelIdentity = builder.modelIdentity;
        this.rules = builder.rules;
        this.minimumScore = builder.minimumScore;
        this.identity = Identity.of(
                "embedding-store",
                "1",
                Map.of(
                        "model",
                        modelIdentity.toCanonical(),
                        "minimumScore",
                        minimumScore,
                        "rules",
                        rules.toCanonical()));
    }

    /**
     * Starts a retriever.
     *
     * @param store where the passages are
     * @param model what they were embedded with
     * @param modelIdentity names the model
     * @return a builder
     */
    public static Builder builder(EmbeddingStore<TextSegment> store, EmbeddingModel model, Identity modelIdentity) {
        return new Builder(store, model, modelIdentity);
    }

    /**
     * Retrieves passages.
     *
     * @throws IllegalArgumentException when the request has a filter that this retriever refuses, or lacks the tenant
     *     that it needs
     * @throws LifecycleException when the model or the store fails, the store does not know filters, or the deadline
     *     passes
     */
    @Override
    public Retrieval retrieve(RetrievalRequest request) {
        Optional<Filter> filter = rules.filter(request);
        String snapshot = rules.snapshotId();
        // Control characters alone are no text to LangChain4j.
        if (request.text().trim().isEmpty()) {
            return new Retrieval(List.of(), snapshot);
        }
        rules.requireTime(request, "embedding the question");
        Embedding question = embed(request.text());
        rules.requireTime(request, "searching the store");
        EmbeddingSearchRequest search = EmbeddingSearchRequest.builder()
                .query(request.text())
                .queryEmbedding(question)
                .maxResults(rules.candidates(filter))
                .minScore(minimumScore)
                .filter(rules.handedOn(filter).orElse(null))
                .build();
        List<Passage> found = search(search).stream().map(this::passage).toList();
        rules.requireTime(request, "using what the store found");
        return new Retrieval(rules.best(found, filter), snapshot);
    }

    private Embedding embed(String text) {
        try {
            return model.embed(text).content();
        } catch (RuntimeException e) {
            throw new LifecycleException(
                    "Embedding a question with " + modelIdentity + " failed; check the embedding model", e);
        }
    }

    private List<EmbeddingMatch<TextSegment>> search(EmbeddingSearchRequest search) {
        try {
            return store.search(search).matches();
        } catch (UnsupportedOperationException | UnsupportedFeatureException e) {
            if (search.filter() == null) {
                throw failed(e);
            }
            throw new LifecycleException(
                    "Searching the embedding store of '" + rules.corpusId() + "' with a filter is not supported by "
                            + store.getClass().getName()
                            + "; build its retriever with filterAfterwards or refuseFilters",
                    e);
        } catch (RuntimeException e) {
            throw failed(e);
        }
    }

    private LifecycleException failed(RuntimeException cause) {
        return new LifecycleException(
                "Searching the embedding store of '" + rules.corpusId() + "' failed; check the store and that it was"
                        + " filled with the model " + modelIdentity,
                cause);
    }

    private Passage passage(EmbeddingMatch<TextSegment> match) {
        TextSegment segment = match.embedded();
        if (match.embeddingId() == null || segment == null || !Double.isFinite(match.score())) {
            throw new LifecycleException("Searching the embedding store of '" + rules.corpusId()
                    + "' found the entry '" + match.embeddingId() + "' with the score " + match.score() + " and "
                    + (segment == null ? "no text" : "a text")
                    + "; a passage needs an id, a text and a finite score: store the text with its embedding");
        }
        return new Passage(match.embeddingId(), segment, match.score());
    }

    @Override
    public String corpusId() {
        return rules.corpusId();
    }

    /**
     * Names the present state.
     *
     * @return what {@link Builder#version} says; without it a new name each time, so that no cache keeps what it cannot
     *     know to be current
     */
    @Override
    public String snapshotId() {
        return rules.snapshotId();
    }

    @Override
    public Identity identity() {
        return identity;
    }

    /**
     * Builds an {@link EmbeddingStoreRetriever}.
     *
     * <p>Not thread-safe.
     *
     * @since 0.1
     */
    public static final class Builder {

        private final EmbeddingStore<TextSegment> store;
        private final EmbeddingModel model;
        private final Identity modelIdentity;
        private SourceRules rules = SourceRules.handOnFilters();
        private double minimumScore;

        private Builder(EmbeddingStore<TextSegment> store, EmbeddingModel model, Identity modelIdentity) {
            this.store = Objects.requireNonNull(store, "store");
            this.model = Objects.requireNonNull(model, "model");
            this.modelIdentity = Objects.requireNonNull(modelIdentity, "modelIdentity");
        }

        /**
         * Names the corpus. Default: {@code "default"}.
         *
         * @param corpusId a name that stays when the content changes, not blank
         * @return this builder
         * @throws IllegalArgumentException when it is blank
         */
        public Builder corpusId(String corpusId) {
            this.rules = rules.withCorpusId(corpusId);
            return this;
        }

        /**
         * Limits the result. Default: 10.
         *
         * @param maxPassages how many passages it has at most, at least 1
         * @return this builder
         * @throws IllegalArgumentException when it is less than 1
         */
        public Builder maxPassages(int maxPassages) {
            this.rules = rules.withMaxPassages(maxPassages);
            return this;
        }

        /**
         * Leaves out what is less alike. Default: 0.
         *
         * @param minimumScore the least score of the store that counts, from 0 to 1
         * @return this builder
         * @throws IllegalArgumentException when it is out of its range
         */
        public Builder minimumScore(double minimumScore) {
            if (!(minimumScore >= 0 && minimumScore <= 1)) {
                throw new IllegalArgumentException(
                        "the minimum score of an embedding store must be from 0 to 1 but was " + minimumScore);
            }
            this.minimumScore = minimumScore;
            return this;
        }

        /**
         * Keeps filters from the store: it is asked for more, and they are applied to what comes back. A passage beyond
         * the candidates is then not found, however well it fits. Default: filters are handed to the store.
         *
         * @param candidates how many passages a request with a filter asks the store for, at least 1
         * @return this builder
         * @throws IllegalArgumentException when it is less than 1
         */
        public Builder filterAfterwards(int candidates) {
            this.rules = rules.withFiltersAfterwards(candidates);
            return this;
        }

        /**
         * Refuses requests that have a filter, with an {@link IllegalArgumentException}. Default: filters are handed to
         * the store.
         *
         * @return this builder
         */
        public Builder refuseFilters() {
            this.rules = rules.withoutFilters();
            return this;
        }

        /**
         * Keeps tenants apart by metadata. Default: tenants are ignored.
         *
         * @param key the metadata that holds the tenant of a passage, as a string
         * @return this builder
         * @throws IllegalArgumentException when it is blank
         */
        public Builder tenantKey(String key) {
            this.rules = rules.withTenantKey(key);
            return this;
        }

        /**
         * Says what state the content is in. Default: nobody knows, and each retrieval has a snapshot id of its own.
         *
         * @param version gives a name that changes whenever the content does; called by many threads
         * @return this builder
         */
        public Builder version(Supplier<String> version) {
            this.rules = rules.withVersion(version);
            return this;
        }

        /**
         * Sets the clock that deadlines are compared with. Default: the system's.
         *
         * @param clock tells the time
         * @return this builder
         */
        public Builder clock(Clock clock) {
            this.rules = rules.withClock(clock);
            return this;
        }

        /**
         * Builds the retriever.
         *
         * @return the retriever
         */
        public EmbeddingStoreRetriever build() {
            return new EmbeddingStoreRetriever(this);
        }
    }
}
