package dev.llmlifecycle.core.resilience;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

import dev.llmlifecycle.api.LifecycleException;

/**
 * An endpoint refuses a request for now and says how long to wait.
 *
 * <p>Thrown by {@link RetryAfterHttpClient}; a model of your own may throw it too.
 *
 * @since 0.1
 */
public final class RetryAfterException extends LifecycleException {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final Duration retryAfter;

    /**
     * Creates an exception.
     *
     * @param status the HTTP status, such as 429 or 503
     * @param retryAfter how long the endpoint asks to wait
     */
    public RetryAfterException(int status, Duration retryAfter) {
        super("Sending a request was answered with status " + status + "; wait " + retryAfter.toSeconds()
                + " s as the endpoint asks");
        this.status = status;
        this.retryAfter = Objects.requireNonNull(retryAfter, "retryAfter");
    }

    /**
     * Returns the HTTP status.
     *
     * @return the status
     */
    public int status() {
        return status;
    }

    /**
     * Returns how long the endpoint asks to wait.
     *
     * @return the wait
     */
    public Duration retryAfter() {
        return retryAfter;
    }

    /**
     * Finds the wait in a failure or its causes.
     *
     * @param failure what a model threw
     * @return the wait, if an exception of this class is among them
     */
    public static Optional<Duration> waitOf(Throwable failure) {
        return Causes.find(failure, RetryAfterException.class).map(RetryAfterException::retryAfter);
    }
}
