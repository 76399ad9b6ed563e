package dev.llmlifecycle.api.retrieval;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

import dev.langchain4j.store.embedding.filter.Filter;

/**
 * What to look for.
 *
 * <p>Immutable.
 *
 * @param text the question that stands alone, never blank
 * @param filter which passages are allowed at all, by their metadata
 * @param tenant whose passages, where a retriever knows tenants
 * @param deadline when the result is of no use any more
 * @since 0.1
 */
public record RetrievalRequest(
        String text, Optional<Filter> filter, Optional<String> tenant, Optional<Instant> deadline) {

    /** Checks the text. */
    public RetrievalRequest {
        if (Objects.requireNonNull(text, "text").isBlank()) {
            throw new IllegalArgumentException(
                    "the text to retrieve for is blank; ask only for questions that have words");
        }
        Objects.requireNonNull(filter, "filter");
        Objects.requireNonNull(tenant, "tenant");
        Objects.requireNonNull(deadline, "deadline");
    }

    /**
     * Creates a request without filter, tenant or deadline.
     *
     * @param text the question
     * @return the request
     */
    public static RetrievalRequest of(String text) {
        return new RetrievalRequest(text, Optional.empty(), Optional.empty(), Optional.empty());
    }
}
