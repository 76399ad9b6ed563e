package dev.llmlifecycle.core.resilience;

import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Passes time and waits; the one place where it is done, so that tests need not. */
interface Timekeeper {

    /** The time of the machine. */
    Timekeeper SYSTEM = new Timekeeper() {

        @Override
        public long nanoTime() {
            return System.nanoTime();
        }

        @Override
        public boolean await(Future<?> end, long nanos) throws InterruptedException {
            try {
                end.get(nanos, TimeUnit.NANOSECONDS);
                return true;
            } catch (TimeoutException e) {
                return false;
            } catch (ExecutionException | CancellationException e) {
                return true;
            }
        }

        @Override
        public void pause(long nanos) throws InterruptedException {
            TimeUnit.NANOSECONDS.sleep(nanos);
        }
    };

    /** Returns a time that only differences of mean anything. */
    long nanoTime();

    /** Waits for the end of something; false when the time was over before. */
    boolean await(Future<?> end, long nanos) throws InterruptedException;

    /** Lets time pass. */
    void pause(long nanos) throws InterruptedException;
}
