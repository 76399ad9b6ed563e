package dev.llmlifecycle.core.resilience;

import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

import dev.failsafe.CircuitBreaker;

/**
 * Keeps calls from a model that has failed many times in a row, and after a while lets one through to see.
 *
 * <p>Failsafe counts and keeps the state; when an open circuit lets a call through is decided here, since Failsafe asks
 * the machine for the time. Thread-safe.
 */
final class Circuit {

    private static final Duration NEVER = Duration.ofDays(36_500);

    private final ReentrantLock lock = new ReentrantLock();
    private final CircuitBreaker<Object> breaker;
    private final LongSupplier nanoTime;
    private final long openNanos;
    private long openedAt;
    private FailureKind openedBy = FailureKind.OTHER;

    Circuit(int failures, Duration open, LongSupplier nanoTime) {
        this.breaker = CircuitBreaker.builder()
                .withFailureThreshold(failures)
                .withSuccessThreshold(1)
                .withDelay(NEVER)
                .build();
        this.nanoTime = nanoTime;
        this.openNanos = open.toNanos();
    }

    /** Says whether a call may be made now; then one of the three ways to end must follow. */
    boolean tryAcquire() {
        lock.lock();
        try {
            if (breaker.isOpen() && nanoTime.getAsLong() - openedAt >= openNanos) {
                breaker.halfOpen();
            }
            return breaker.tryAcquirePermit();
        } finally {
            lock.unlock();
        }
    }

    void succeeded() {
        lock.lock();
        try {
            breaker.recordSuccess();
        } finally {
            lock.unlock();
        }
    }

    /** Counts a failure; true when it has opened the circuit. */
    boolean failed(FailureKind kind) {
        lock.lock();
        try {
            boolean wasOpen = breaker.isOpen();
            breaker.recordFailure();
            boolean opened = !wasOpen && breaker.isOpen();
            if (opened) {
                openedAt = nanoTime.getAsLong();
                openedBy = kind;
            }
            return opened;
        } finally {
            lock.unlock();
        }
    }

    /** Ends a call that says nothing about the model; a circuit that was only trying opens again. */
    void abandoned() {
        lock.lock();
        try {
            if (breaker.isHalfOpen()) {
                breaker.recordFailure();
                openedAt = nanoTime.getAsLong();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Returns the kind of the failure that opened the circuit last. */
    FailureKind openedBy() {
        lock.lock();
        try {
            return openedBy;
        } finally {
            lock.unlock();
        }
    }
}
