package dev.llmlifecycle.eval.junit;

import dev.llmlifecycle.eval.replay.NotRecordedException;

/** Tells a broken test from a bad answer. */
final class Brokenness {

    private static final int DEEPEST_CAUSE = 20;

    private Brokenness() {}

    /** Tells whether a failure comes of a request that was not recorded or not paid for. */
    static boolean isBehind(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < DEEPEST_CAUSE; depth++) {
            if (cause instanceof NotRecordedException || cause instanceof BudgetExhaustedException) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }
}
