package dev.llmlifecycle.eval.junit;

import java.util.Optional;

/** What decides over a run in place of its single cases. Not thread-safe. */
interface Decision {

    /** Takes in how a case ended; cases may end in any order. */
    void add(int position, CaseStatus status);

    /** Tells whether the rest cannot change, or need not be known for, the outcome; and which it is. */
    Optional<Boolean> settled();

    /** Tells the outcome, once no more cases run. */
    boolean isReached();

    /** Returns in words what was wanted and what was found. */
    String judge();
}
