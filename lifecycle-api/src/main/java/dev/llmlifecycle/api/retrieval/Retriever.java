package dev.llmlifecycle.api.retrieval;

import dev.llmlifecycle.api.identity.Identified;

/**
 * Finds the passages that a question is about.
 *
 * <p>Implementations must be thread-safe and may block; the library calls them outside its locks. The identity covers
 * the configuration (model, number of passages, weights), not the content: that is named by {@link #corpusId()} and
 * {@link #snapshotId()}.
 *
 * @since 0.1
 */
public interface Retriever extends Identified {

    /**
     * Retrieves passages.
     *
     * @param request what to look for
     * @return what was found, possibly nothing
     * @throws dev.llmlifecycle.api.LifecycleException when the index or the embedding model fails
     */
    Retrieval retrieve(RetrievalRequest request);

    /**
     * Names the corpus that is searched.
     *
     * @return a name that stays when the content changes
     */
    String corpusId();

    /**
     * Names the present state of the index.
     *
     * @return a name that changes whenever the content does
     */
    String snapshotId();
}
