package dev.llmlifecycle.retrieval.hybrid;

import java.util.Objects;
import java.util.Set;

import dev.llmlifecycle.api.retrieval.RetrievalRequest;

/**
 * A question of which it is known which passages are relevant.
 *
 * <p>Immutable.
 *
 * @param request what is looked for
 * @param relevant the ids of the passages to be found, at least one
 * @since 0.1
 */
public record JudgedQuery(RetrievalRequest request, Set<String> relevant) {

    /** Copies the ids. */
    public JudgedQuery {
        Objects.requireNonNull(request, "request");
        relevant = Set.copyOf(relevant);
        if (relevant.isEmpty()) {
            throw new IllegalArgumentException(
                    "a judged query has no relevant passage; leave it out, or name at least one");
        }
    }

    /**
     * Creates a judged query without filter, tenant or deadline.
     *
     * @param text the question
     * @param relevant the ids of the passages to be found, at least one
     * @return the query
     */
    public static JudgedQuery of(String text, String... relevant) {
        return new JudgedQuery(RetrievalRequest.of(text), Set.of(relevant));
    }
}
