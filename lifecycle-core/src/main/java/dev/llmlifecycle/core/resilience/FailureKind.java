package dev.llmlifecycle.core.resilience;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.langchain4j.exception.ContentFilteredException;
import dev.langchain4j.exception.HttpException;
import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.NonRetriableException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.exception.RetriableException;
import dev.langchain4j.exception.TimeoutException;
import dev.langchain4j.exception.UnresolvedModelServerException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import org.jspecify.annotations.Nullable;

/**
 * What kind of failure a call of a model ended with, and so whether it is worth a retry and which fallback takes over.
 *
 * <p>Immutable.
 *
 * @since 0.1
 */
public enum FailureKind {

    /** The endpoint limits the rate (429). Worth a retry. */
    RATE_LIMIT(true, "wait, ask for a higher limit, or add a fallback"),

    /** No answer, no first token or no further token in time. Worth a retry. */
    TIMEOUT(true, "allow more time, or add a fallback"),

    /** The endpoint failed inside (5xx), or with another failure that LangChain4j calls retriable. Worth a retry. */
    SERVER_ERROR(true, "try again later, or add a fallback"),

    /**
     * The endpoint cannot be reached, or the connection broke. Worth a retry, unless the endpoint's name is unknown.
     */
    CONNECTION(true, "check the endpoint's base URL and that it is running, or add a fallback"),

    /** What came is no answer: not the JSON it should be, or empty. Worth a retry. */
    MALFORMED_ANSWER(true, "look at what the endpoint sends, or add a fallback"),

    /** The circuit of the model is open after many failures, so that it was not called. */
    CIRCUIT_OPEN(false, "wait until the circuit lets a call through, or add a fallback"),

    /** The endpoint's content filter refused. */
    CONTENT_FILTER(false, "rephrase the request"),

    /** The endpoint refuses the request for good: bad key (401), invalid (400), unknown model (404). */
    REFUSED(false, "check the key, the model's name and the request"),

    /** Anything else. */
    OTHER(false, "look at the cause");

    private final boolean transientKind;
    private final String remedy;

    FailureKind(boolean transientKind, String remedy) {
        this.transientKind = transientKind;
        this.remedy = remedy;
    }

    /** Says whether a failure of this kind may be gone at the next attempt. */
    boolean isTransient() {
        return transientKind;
    }

    String remedy() {
        return remedy;
    }

    /**
     * Classifies a failure by the first exception in its chain of causes that says what happened.
     *
     * @param failure what a model threw
     * @return its kind
     */
    public static FailureKind of(Throwable failure) {
        return Causes.first(failure, FailureKind::ofOne).orElse(OTHER);
    }

    /**
     * Says whether another attempt may succeed: where the kind may pass, and never after what LangChain4j calls not
     * retriable.
     *
     * @param failure what a model threw
     * @return false where a retry would be in vain
     */
    public static boolean isWorthRetry(Throwable failure) {
        return of(failure).isTransient()
                && Causes.find(failure, NonRetriableException.class).isEmpty();
    }

    private static @Nullable FailureKind ofOne(Throwable failure) {
        if (failure instanceof ModelCallException call) {
            return call.kind();
        }
        if (failure instanceof RateLimitException) {
            return RATE_LIMIT;
        }
        if (failure instanceof TimeoutException
                || failure instanceof HttpTimeoutException
                || failure instanceof SocketTimeoutException
                || failure instanceof java.util.concurrent.TimeoutException) {
            return TIMEOUT;
        }
        if (failure instanceof InternalServerException || failure instanceof RetriableException) {
            return SERVER_ERROR;
        }
        if (failure instanceof ContentFilteredException) {
            return CONTENT_FILTER;
        }
        if (failure instanceof UnresolvedModelServerException || failure instanceof UnresolvedAddressException) {
            return CONNECTION;
        }
        if (failure instanceof NonRetriableException || failure instanceof UnsupportedFeatureException) {
            return REFUSED;
        }
        if (failure instanceof HttpException http) {
            return ofStatus(http.statusCode());
        }
        if (failure instanceof RetryAfterException asked) {
            return ofStatus(asked.status());
        }
        if (failure instanceof JsonProcessingException || failure instanceof EmptyAnswerException) {
            return MALFORMED_ANSWER;
        }
        if (failure instanceof IOException) {
            return CONNECTION;
        }
        return failure instanceof InterruptedException ? OTHER : null;
    }

    private static FailureKind ofStatus(int status) {
        if (status == 429) {
            return RATE_LIMIT;
        }
        if (status == 408) {
            return TIMEOUT;
        }
        return status >= 500 ? SERVER_ERROR : REFUSED;
    }
}
