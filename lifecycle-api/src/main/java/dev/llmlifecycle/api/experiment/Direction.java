package dev.llmlifecycle.api.experiment;

/**
 * Which way a metric is better.
 *
 * @since 0.1
 */
public enum Direction {
    /** More is better, as of accuracy. */
    HIGHER_IS_BETTER,
    /** Less is better, as of latency and cost. */
    LOWER_IS_BETTER;

    /** Turns a difference so that better is positive. */
    double better(double difference) {
        return this == HIGHER_IS_BETTER ? difference : -difference;
    }
}
