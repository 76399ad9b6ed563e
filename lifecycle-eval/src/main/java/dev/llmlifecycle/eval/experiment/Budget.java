package dev.llmlifecycle.eval.experiment;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Keeps what was spent and what is set aside below a cap. Thread-safe. */
final class Budget {

    private final SpendingCap cap;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition settled = lock.newCondition();
    private Spending spent;
    private Spending reserved = Spending.NONE;

    Budget(SpendingCap cap, Spending spent) {
        this.cap = cap;
        this.spent = spent;
    }

    /**
     * Sets aside what one call may use. Where that does not fit, it waits for calls in flight, which may turn out to
     * use less than was set aside for them.
     *
     * @return false when it does not fit and nothing is in flight
     */
    boolean reserve() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!cap.allows(spent.plus(reserved).plus(cap.perCall()))) {
                if (reserved.calls() == 0) {
                    return false;
                }
                settled.await();
            }
            reserved = reserved.plus(cap.perCall());
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Books what a call used instead of what was set aside for it. */
    void settle(Spending used) {
        lock.lock();
        try {
            reserved = reserved.minus(cap.perCall());
            spent = spent.plus(used);
            settled.signalAll();
        } finally {
            lock.unlock();
        }
    }

    Spending perCall() {
        return cap.perCall();
    }

    Spending spent() {
        lock.lock();
        try {
            return spent;
        } finally {
            lock.unlock();
        }
    }
}
