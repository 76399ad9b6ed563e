package dev.llmlifecycle.core.monitoring;

import java.time.Duration;

/**
 * When a log waits for the disk, and so what a crash may cost.
 *
 * <p>Whatever is chosen, a crash of the process alone costs no record that was written: the operating system has it.
 *
 * @since 0.1
 */
public sealed interface Fsync {

    /**
     * Waits for the disk with each record; records that come together share one wait. A crash of the machine costs no
     * record whose call returned within the log's patience.
     *
     * @return the policy
     */
    static Fsync eachRecord() {
        return new EachRecord();
    }

    /**
     * Waits for the disk in the background. A crash of the machine costs what was recorded in the last interval.
     *
     * @param interval the time between two waits, more than zero
     * @return the policy
     */
    static Fsync every(Duration interval) {
        return new Every(interval);
    }

    /**
     * Leaves it to the operating system. A crash of the machine costs what the system had not written yet, often half a
     * minute.
     *
     * @return the policy
     */
    static Fsync never() {
        return new Never();
    }

    /**
     * Waits with each record.
     *
     * <p>Immutable.
     */
    record EachRecord() implements Fsync {}

    /**
     * Waits in the background.
     *
     * <p>Immutable.
     *
     * @param interval the time between two waits
     */
    record Every(Duration interval) implements Fsync {

        /** Checks the interval. */
        public Every {
            if (interval.isNegative() || interval.isZero()) {
                throw new IllegalArgumentException("the interval between two waits for the disk must be more than zero"
                        + " but was " + interval + "; use eachRecord() to wait always");
            }
        }
    }

    /**
     * Never waits.
     *
     * <p>Immutable.
     */
    record Never() implements Fsync {}
}
