package dev.llmlifecycle.retrieval.lexical;

import java.io.IOException;

import dev.llmlifecycle.retrieval.vector.VectorSnapshot;

/**
 * One state of both sides of a hybrid index.
 *
 * @param vectors the vectors
 * @param words the words of the same entries
 */
record HybridState(VectorSnapshot vectors, LexicalState words) {

    /** Names the state; the hash of the words tells indexes apart whose vectors count from 0 alike. */
    String id() {
        return vectors.id() + "-" + words.id();
    }

    /** Returns the same state, with the segments that the background may have made of it meanwhile. */
    HybridState withSegmentsOf(VectorSnapshot latest) {
        return latest.id() == vectors.id() ? new HybridState(latest, words) : this;
    }

    LexicalSearchResult search(LexicalQuery query) throws IOException {
        LexicalSearchResult found = words.search(query);
        return new LexicalSearchResult(found.matches(), id(), found.searchedTerms(), found.droppedTerms());
    }
}
