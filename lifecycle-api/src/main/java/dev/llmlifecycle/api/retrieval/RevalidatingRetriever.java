package dev.llmlifecycle.api.retrieval;

import java.util.Optional;

/**
 * A retriever that can tell of an earlier retrieval whether it would find the same now.
 *
 * <p>A context cache then keeps a retrieval across changes of the index that did not touch it. Implementations must be
 * thread-safe.
 *
 * @since 0.1
 */
public interface RevalidatingRetriever extends Retriever {

    /**
     * Retrieves, with what it takes to look again later.
     *
     * @param request what to find
     * @return the retrieval, which can be looked at again
     */
    Revalidatable retrieveRevalidatable(RetrievalRequest request);

    /**
     * Says whether questions find the same that differ only in capitals, white space, Unicode compatibility forms
     * (NFKC) and punctuation at the end.
     *
     * @return false unless that holds for every request
     */
    default boolean ignoresSurfaceForm() {
        return false;
    }

    @Override
    default Retrieval retrieve(RetrievalRequest request) {
        return retrieveRevalidatable(request).retrieval();
    }

    /**
     * A retrieval, and what is needed to know whether it still holds.
     *
     * <p>Implementations must be immutable.
     */
    interface Revalidatable {

        /**
         * Returns what was found.
         *
         * @return the passages and their snapshot
         */
        Retrieval retrieval();

        /**
         * Looks again, without a search.
         *
         * @return the same passages under a snapshot that was current during this call, or nothing when a change may
         *     have touched them
         */
        Optional<Revalidatable> current();
    }
}
