package dev.llmlifecycle.core.app;

import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Optional;

import dev.langchain4j.exception.AuthenticationException;
import dev.langchain4j.exception.ContentFilteredException;
import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.exception.TimeoutException;
import dev.langchain4j.exception.UnresolvedModelServerException;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.app.Outcome;
import org.jspecify.annotations.Nullable;

/** Says in one line what failed and what to do, without the texts that providers put into their messages. */
final class Failures {

    private static final int DEEPEST_CAUSE = 20;

    private Failures() {}

    static Outcome.Failed outcome(String step, Throwable failure) {
        return new Outcome.Failed(step, describe(step, failure), Optional.of(failure));
    }

    /** Returns the name of the failure's class, which holds no text of anybody. */
    static String name(Throwable failure) {
        String name = failure.getClass().getSimpleName();
        return name.isEmpty() ? failure.getClass().getName() : name;
    }

    /** Looks through the wrappers for the first failure that means something to the host. */
    private static String describe(String step, Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < DEEPEST_CAUSE; depth++) {
            String known = known(cause);
            if (known != null) {
                return known;
            }
            cause = cause.getCause();
        }
        return "The step '" + step + "' failed with " + name(failure) + "; look at the cause";
    }

    private static @Nullable String known(Throwable failure) {
        if (failure instanceof LifecycleException) {
            return failure.getMessage();
        }
        if (failure instanceof AuthenticationException) {
            return "The endpoint refused the credentials; check the API key";
        }
        if (failure instanceof RateLimitException) {
            return "The endpoint limits the rate; wait, or ask for a higher limit";
        }
        if (failure instanceof ModelNotFoundException) {
            return "The endpoint does not know the model; check the model's name";
        }
        if (failure instanceof ContentFilteredException) {
            return "The endpoint's content filter refused the request; rephrase the question";
        }
        if (failure instanceof InvalidRequestException) {
            return "The endpoint refused the request as invalid; look at the cause";
        }
        if (failure instanceof InternalServerException) {
            return "The endpoint failed inside; try again later";
        }
        if (failure instanceof TimeoutException
                || failure instanceof HttpTimeoutException
                || failure instanceof SocketTimeoutException) {
            return "The endpoint did not answer in time; try again, or allow more time";
        }
        if (failure instanceof UnresolvedModelServerException
                || failure instanceof ConnectException
                || failure instanceof UnknownHostException
                || failure instanceof UnresolvedAddressException) {
            return "The endpoint cannot be reached; check its base URL and that it is running";
        }
        return null;
    }
}
