package dev.llmlifecycle.retrieval.langchain4j;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

import dev.langchain4j.rag.content.Content;
import dev.langchain4j.rag.content.ContentMetadata;
import dev.langchain4j.rag.content.retriever.ContentRetriever;
import dev.langchain4j.rag.query.Query;
import dev.langchain4j.store.embedding.filter.Filter;
import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.api.retrieval.RetrievalRequest;
import dev.llmlifecycle.api.retrieval.Retriever;

/**
 * A retriever as the content retriever of a LangChain4j service.
 *
 * <p>A content holds the passage's text with its metadata (source, title, heading), its score as
 * {@link ContentMetadata#SCORE} and its id as {@link ContentMetadata#EMBEDDING_ID}, best first.
 *
 * <pre>{@code
 * AiServices.builder(Assistant.class)
 *         .chatModel(model)
 *         .contentRetriever(PassageContentRetriever.of(index.retriever()))
 *         .build();
 * }</pre>
 *
 * <p>Thread-safe when the retriever and the functions are.
 *
 * @since 0.1
 */
public final class PassageContentRetriever implements ContentRetriever {

    private final Retriever retriever;
    private final Function<Query, Optional<Filter>> filter;
    private final Function<Query, Optional<String>> tenant;

    private PassageContentRetriever(Builder builder) {
        this.retriever = builder.retriever;
        this.filter = builder.filter;
        this.tenant = builder.tenant;
    }

    /**
     * Takes a retriever that searches everything for everyone.
     *
     * @param retriever what is asked
     * @return the content retriever
     */
    public static PassageContentRetriever of(Retriever retriever) {
        return builder(retriever).build();
    }

    /**
     * Starts a content retriever.
     *
     * @param retriever what is asked
     * @return a builder
     */
    public static Builder builder(Retriever retriever) {
        return new Builder(retriever);
    }

    /**
     * Retrieves the passages.
     *
     * @throws dev.llmlifecycle.api.LifecycleException when the index or the embedding model fails
     */
    @Override
    public List<Content> retrieve(Query query) {
        RetrievalRequest request =
                new RetrievalRequest(query.text(), filter.apply(query), tenant.apply(query), Optional.empty());
        return retriever.retrieve(request).passages().stream()
                .map(PassageContentRetriever::content)
                .toList();
    }

    private static Content content(Passage passage) {
        return Content.from(
                passage.segment(),
                Map.of(ContentMetadata.SCORE, passage.score(), ContentMetadata.EMBEDDING_ID, passage.id()));
    }

    /** Builds a {@link PassageContentRetriever}. Not thread-safe. */
    public static final class Builder {

        private final Retriever retriever;
        private Function<Query, Optional<Filter>> filter = query -> Optional.empty();
        private Function<Query, Optional<String>> tenant = query -> Optional.empty();

        private Builder(Retriever retriever) {
            this.retriever = Objects.requireNonNull(retriever, "retriever");
        }

        /**
         * Sets which passages a query may find. Default: all.
         *
         * @param filter gives the filter over passage metadata, such as from the invocation parameters in the metadata
         *     of the query, which are absent from a query of text alone
         * @return this builder
         */
        public Builder filter(Function<Query, Optional<Filter>> filter) {
            this.filter = Objects.requireNonNull(filter, "filter");
            return this;
        }

        /**
         * Sets whose passages a query searches, where the retriever knows tenants. Default: nobody's in particular.
         *
         * @param tenant gives the tenant of a query
         * @return this builder
         */
        public Builder tenant(Function<Query, Optional<String>> tenant) {
            this.tenant = Objects.requireNonNull(tenant, "tenant");
            return this;
        }

        /**
         * Builds the content retriever.
         *
         * @return the content retriever
         */
        public PassageContentRetriever build() {
            return new PassageContentRetriever(this);
        }
    }
}
