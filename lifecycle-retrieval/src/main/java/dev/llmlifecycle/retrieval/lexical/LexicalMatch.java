package dev.llmlifecycle.retrieval.lexical;

import java.util.List;
import java.util.Objects;

import dev.langchain4j.data.segment.TextSegment;

/**
 * An entry that was found, with its score.
 *
 * <p>Immutable as long as nobody changes the metadata of the segment.
 *
 * @param id the id
 * @param score the BM25 score, above 0; comparable within one result only
 * @param segment the text with its metadata
 * @param terms what each term adds to the score, most first; empty unless {@link LexicalQuery.Builder#explain} asked
 * @since 0.1
 */
public record LexicalMatch(String id, double score, TextSegment segment, List<TermScore> terms) {

    /** Copies the terms. */
    public LexicalMatch {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(segment, "segment");
        terms = List.copyOf(terms);
    }
}
