package dev.llmlifecycle.core.examples;

import java.util.Objects;

/**
 * Why an example must not be shown: it gives away a question that is under evaluation.
 *
 * <p>Immutable. It names no text.
 *
 * @param kind by what it was found
 * @param similarity of the two, in (0, 1]; 1 when they are equal
 * @param from whose text it is: {@code question} for the question asked, or the id of the row of the evaluation set
 * @since 0.1
 */
public record Leak(Kind kind, double similarity, String from) {

    /** What the example is compared with when it is not a row of the evaluation set. */
    static final String QUESTION = "question";

    /** Checks for null. */
    public Leak {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(from, "from");
    }

    /** By what a leak was found; the first that applies is told. */
    public enum Kind {
        /** The texts are equal, apart from case, punctuation, white space and the form of characters. */
        EQUAL,
        /** The texts share most of their runs of five characters, by Jaccard's coefficient. */
        NEARLY_EQUAL,
        /** The embeddings are nearly the same. */
        SAME_MEANING
    }
}
