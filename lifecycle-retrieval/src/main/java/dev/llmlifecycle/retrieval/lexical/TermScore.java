package dev.llmlifecycle.retrieval.lexical;

import java.util.Objects;

/**
 * What one term of a question adds to the BM25 score of an entry.
 *
 * <p>Immutable.
 *
 * @param term the term as it is in the index, after analysis
 * @param language the language whose analyzer made it, empty for the one of any script
 * @param idf how rare the term is: {@code ln(1 + (N - n + 0.5) / (n + 0.5))} for n of N entries of that language
 * @param frequency how often the entry has it
 * @param contribution what it adds to the score
 * @since 0.1
 */
public record TermScore(String term, String language, double idf, int frequency, double contribution) {

    /** Checks that nothing is missing. */
    public TermScore {
        Objects.requireNonNull(term, "term");
        Objects.requireNonNull(language, "language");
    }
}
