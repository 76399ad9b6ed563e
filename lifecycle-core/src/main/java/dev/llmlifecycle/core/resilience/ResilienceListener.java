package dev.llmlifecycle.core.resilience;

import java.time.Duration;

/**
 * Hears what is done about failures, for metrics and logs.
 *
 * <p>Called by the threads that call models, so it must be thread-safe and quick; what it throws is logged and goes no
 * further.
 *
 * @since 0.1
 */
public interface ResilienceListener {

    /**
     * A model is going to be tried again.
     *
     * @param failed the attempt before
     * @param wait how long is waited first
     */
    default void onRetry(FailedAttempt failed, Duration wait) {}

    /**
     * Another model takes over.
     *
     * @param failed the last attempt of the model before
     * @param fallback the name of the model that is tried now
     */
    default void onFallback(FailedAttempt failed, String fallback) {}

    /**
     * The circuit of a model has opened; for a while the model is not called.
     *
     * @param model the name of the model
     */
    default void onCircuitOpen(String model) {}
}
