package dev.llmlifecycle.retrieval.hybrid;

/**
 * In which order packed passages are read.
 *
 * <p>Source of the reason: N. F. Liu and others, "Lost in the Middle: How Language Models Use Long Contexts", TACL 12,
 * 2024: what is in the middle of a long context is used least.
 *
 * @since 0.1
 */
public enum PackingOrder {
    /** The best passage first. */
    BEST_FIRST,

    /** The best passage last, next to the question where that follows. */
    BEST_LAST,

    /** The best passages at both ends: the best first, the second last, the worst in the middle. */
    BOTH_ENDS,

    /** Documents in the order of their best passages, and the passages of each as they follow in it. */
    DOCUMENT
}
