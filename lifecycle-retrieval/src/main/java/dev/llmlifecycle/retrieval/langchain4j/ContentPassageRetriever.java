package dev.llmlifecycle.retrieval.langchain4j;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.rag.content.Content;
import dev.langchain4j.rag.content.ContentMetadata;
import dev.langchain4j.rag.content.retriever.ContentRetriever;
import dev.langchain4j.rag.query.Query;
import dev.langchain4j.store.embedding.filter.Filter;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.api.retrieval.Retrieval;
import dev.llmlifecycle.api.retrieval.RetrievalRequest;
import dev.llmlifecycle.api.retrieval.Retriever;
import org.jspecify.annotations.Nullable;

/**
 * Any LangChain4j content retriever as a retriever: a search engine, a database, a service on the web.
 *
 * <p>The id of a passage is the content's {@link ContentMetadata#EMBEDDING_ID}, else the metadata of
 * {@link Builder#idKey}, else a hash of its source and text, which stays as long as they do. The score is its
 * {@link ContentMetadata#RERANKED_SCORE}, else its {@link ContentMetadata#SCORE}; where a content has neither, all of
 * them count by their place, 1 / rank.
 *
 * <p>A content retriever takes no filter. By default it is asked as it is and the filter is applied to what comes back,
 * so that what it did not return is not found, however well it fits; {@link Builder#query} can hand filter and tenant
 * on in a way that the retriever knows, and {@link Builder#refuseFilters} refuses requests that have a filter. With a
 * {@link Builder#tenantKey} the tenant is filtered for in the same way, and a request without a tenant is refused;
 * without a key, tenants are ignored.
 *
 * <p>The deadline is checked before the retriever is asked and after it. A call is not interrupted here;
 * {@code HybridRetriever} stops waiting for it.
 *
 * <p>Thread-safe when the retriever is.
 *
 * @since 0.1
 */
public final class ContentPassageRetriever implements Retriever {

    private final ContentRetriever retriever;
    private final Identity retrieverIdentity;
    private final SourceRules rules;
    private final Function<RetrievalRequest, Query> query;
    private final Optional<String> idKey;
    private final Identity identity;

    private ContentPassageRetriever(Builder builder) {
        this.retriever = builder.retriever;
        this.retrieverIdentity = builder.retrieverIdentity;
        this.rules = builder.rules;
        this.query = builder.query;
        this.idKey = builder.idKey;
        this.identity = Identity.of(
                "content-retriever",
                "1",
                Map.of(
                        "retriever",
                        retrieverIdentity.toCanonical(),
                        "idKey",
                        idKey.orElse(""),
                        "rules",
                        rules.toCanonical()));
    }

    /**
     * Starts a retriever.
     *
     * @param retriever what is asked
     * @param identity names it with all that changes its behaviour, and how {@link Builder#query} asks it
     * @return a builder
     */
    public static Builder builder(ContentRetriever retriever, Identity identity) {
        return new Builder(retriever, identity);
    }

    /**
     * Retrieves passages.
     *
     * @throws IllegalArgumentException when the request has a filter that this retriever refuses, or lacks the tenant
     *     that it needs
     * @throws LifecycleException when the content retriever fails or the deadline passes
     */
    @Override
    public Retrieval retrieve(RetrievalRequest request) {
        Optional<Filter> filter = rules.filter(request);
        String snapshot = rules.snapshotId();
        // Control characters alone are no text to LangChain4j.
        if (request.text().trim().isEmpty()) {
            return new Retrieval(List.of(), snapshot);
        }
        rules.requireTime(request, "asking its content retriever");
        List<Passage> found = passages(ask(query.apply(request)));
        rules.requireTime(request, "using what was found");
        return new Retrieval(rules.best(found, filter), snapshot);
    }

    private List<Content> ask(Query asked) {
        try {
            return retriever.retrieve(asked);
        } catch (RuntimeException e) {
            throw new LifecycleException(
                    "Asking the content retriever " + retrieverIdentity + " failed; check what it searches", e);
        }
    }

    private List<Passage> passages(List<Content> contents) {
        boolean scored = contents.stream().allMatch(content -> score(content).isPresent());
        List<Passage> passages = new ArrayList<>();
        for (Content content : contents) {
            double place = 1.0 / (passages.size() + 1);
            double score = scored ? score(content).orElse(place) : place;
            if (!Double.isFinite(score)) {
                throw new LifecycleException("Asking the content retriever " + retrieverIdentity
                        + " found a content with the score " + score + "; scores have to be finite");
            }
            passages.add(new Passage(id(content), content.textSegment(), score));
        }
        return passages;
    }

    private static Optional<Double> score(Content content) {
        Object reranked = content.metadata().get(ContentMetadata.RERANKED_SCORE);
        Object score = reranked == null ? content.metadata().get(ContentMetadata.SCORE) : reranked;
        return score instanceof Number number ? Optional.of(number.doubleValue()) : Optional.empty();
    }

    private String id(Content content) {
        TextSegment segment = content.textSegment();
        @Nullable Object own = content.metadata().get(ContentMetadata.EMBEDDING_ID);
        if (own == null && idKey.isPresent()) {
            own = segment.metadata().toMap().get(idKey.get());
        }
        if (own != null && !own.toString().isBlank()) {
            return own.toString();
        }
        @Nullable String source = segment.metadata().getString(Passage.SOURCE);
        byte[] named = ((source == null ? "" : source) + '\0' + segment.text()).getBytes(StandardCharsets.UTF_8);
        return "content-" + Hash.ofBytes(named).hex().substring(0, 16);
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
     * Builds a {@link ContentPassageRetriever}.
     *
     * <p>Not thread-safe.
     *
     * @since 0.1
     */
    public static final class Builder {

        private final ContentRetriever retriever;
        private final Identity retrieverIdentity;
        private SourceRules rules = SourceRules.handOnFilters();
        private Function<RetrievalRequest, Query> query = request -> Query.from(request.text());
        private Optional<String> idKey = Optional.empty();

        private Builder(ContentRetriever retriever, Identity identity) {
            this.retriever = Objects.requireNonNull(retriever, "retriever");
            this.retrieverIdentity = Objects.requireNonNull(identity, "identity");
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
         * Says how a request becomes a query, so that filter and tenant can be handed on. Default: the text alone.
         *
         * @param query makes the query; the filter is applied once more to what comes back
         * @return this builder
         */
        public Builder query(Function<RetrievalRequest, Query> query) {
            this.query = Objects.requireNonNull(query, "query");
            return this;
        }

        /**
         * Refuses requests that have a filter, with an {@link IllegalArgumentException}. Default: it is applied to what
         * comes back.
         *
         * @return this builder
         */
        public Builder refuseFilters() {
            this.rules = rules.withoutFilters();
            return this;
        }

        /**
         * Names the metadata that holds an id, where contents have no embedding id. Default: none.
         *
         * @param key the metadata key
         * @return this builder
         */
        public Builder idKey(String key) {
            this.idKey = Optional.of(key);
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
        public ContentPassageRetriever build() {
            return new ContentPassageRetriever(this);
        }
    }
}
