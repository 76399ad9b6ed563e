package dev.llmlifecycle.api.experiment;

/**
 * What a comparison shows.
 *
 * @since 0.1
 */
public enum Conclusion {
    /** The candidate is better than the baseline. */
    IMPROVED,
    /** The candidate is worse than the baseline. */
    REGRESSED,
    /** The difference is smaller than what matters. */
    EQUIVALENT,
    /** The rows do not tell; more are needed. */
    UNDECIDED
}
