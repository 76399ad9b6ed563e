package dev.llmlifecycle.eval.metric;

/**
 * How far an answer declines what was asked.
 *
 * @since 0.1
 */
public enum Refusal {
    /** The answer does what was asked, or at least tries to. */
    NONE,
    /** The answer declines, and then helps with something near to what was asked. */
    PARTIAL,
    /** The answer declines. */
    FULL
}
