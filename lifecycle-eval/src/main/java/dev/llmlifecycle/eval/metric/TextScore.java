package dev.llmlifecycle.eval.metric;

/**
 * Says how much a text is like the one that was expected.
 *
 * <p>Implementations must be thread-safe and deterministic. Those at hand are in {@link TextScores};
 * {@link Metrics#atLeast} makes a metric of one.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface TextScore {

    /**
     * Scores a text.
     *
     * @param expected what would be right
     * @param actual what came back
     * @return in [0, 1], 1 where they are alike
     */
    double score(String expected, String actual);
}
