package dev.llmlifecycle.eval.junit;

/** How a case ended. */
enum CaseStatus {
    PASSED,
    /** An assertion failed. */
    FAILED,
    /** An assumption did not hold. */
    SKIPPED,
    /** The test is broken, or its request was not recorded or not paid for. */
    BROKEN
}
