package dev.llmlifecycle.eval.experiment;

import java.util.concurrent.locks.ReentrantLock;

/**
 * Watches a thread during one call, so that it is interrupted there and never in what it does afterwards. Thread-safe.
 */
final class Watch {

    /** Why a call was interrupted. */
    enum Reason {
        NONE,
        TIMEOUT,
        CANCEL
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Thread thread = Thread.currentThread();
    private Reason reason = Reason.NONE;
    private boolean ended;

    /** Interrupts the call, unless it has ended or been interrupted. */
    void interrupt(Reason why) {
        lock.lock();
        try {
            if (!ended && reason == Reason.NONE) {
                reason = why;
                thread.interrupt();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Ends watching, and takes the interruption back where this watch caused it. */
    Reason end() {
        lock.lock();
        try {
            ended = true;
            if (reason != Reason.NONE) {
                Thread.interrupted();
            }
            return reason;
        } finally {
            lock.unlock();
        }
    }
}
