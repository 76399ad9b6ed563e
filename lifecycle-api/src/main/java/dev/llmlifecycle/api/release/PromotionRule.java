package dev.llmlifecycle.api.release;

/**
 * A rule that a release must satisfy before a protected label moves to it.
 *
 * @since 0.1
 */
public enum PromotionRule {
    /** A verdict and its rows are given, where the label has a release to compare with. */
    VERDICT_GIVEN,
    /** The verdict is about the candidate. */
    VERDICT_OF_CANDIDATE,
    /** The verdict compares with the release that the label points to now. */
    VERDICT_AGAINST_PRESENT,
    /** The verdict was reached by the policy that protects the label. */
    VERDICT_BY_POLICY,
    /** The verdict was reached on a dataset that the label's policy names. */
    VERDICT_ON_DATASET,
    /** The verdict's conclusion passes. */
    VERDICT_PASSES,
    /** The rows are of the releases and the dataset that the verdict names. */
    ROWS_OF_VERDICT,
    /** The verdict follows from the rows. */
    VERDICT_REPRODUCED,
    /** Who wrote the changed prompts is known. */
    AUTHORS_KNOWN,
    /** Enough other persons than authors and proposers approved the move. */
    APPROVED
}
