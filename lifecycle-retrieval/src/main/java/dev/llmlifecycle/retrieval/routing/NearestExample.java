package dev.llmlifecycle.retrieval.routing;

import java.util.Objects;

/**
 * An example near a question.
 *
 * <p>Immutable.
 *
 * @param text the example
 * @param intent whose example it is
 * @param similarity the cosine, in [-1, 1]
 * @since 0.1
 */
public record NearestExample(String text, String intent, double similarity) {

    /** Checks that nothing is missing. */
    public NearestExample {
        Objects.requireNonNull(text, "text");
        Objects.requireNonNull(intent, "intent");
    }
}
