package dev.llmlifecycle.api.retrieval;

import java.util.Objects;

/**
 * Keeps retrievals, so that the same question to the same snapshot of an index is searched once.
 *
 * <p>Implementations must be thread-safe and bounded, must not answer from another retriever, corpus, snapshot, tenant
 * or filter, and must not keep failures.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface ContextCache {

    /**
     * Returns the kept retrieval, or retrieves and keeps it.
     *
     * @param retriever what to ask when nothing is kept
     * @param request what to look for
     * @return the retrieval, and whether it was kept
     */
    Lookup retrieve(Retriever retriever, RetrievalRequest request);

    /**
     * A retrieval and where it came from.
     *
     * @param retrieval what was found
     * @param hit true when it came from the cache
     */
    record Lookup(Retrieval retrieval, boolean hit) {

        /** Checks that nothing is missing. */
        public Lookup {
            Objects.requireNonNull(retrieval, "retrieval");
        }
    }
}
