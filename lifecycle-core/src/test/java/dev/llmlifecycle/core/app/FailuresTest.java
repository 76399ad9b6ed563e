package dev.llmlifecycle.core.app;

import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;

import dev.langchain4j.exception.AuthenticationException;
import dev.langchain4j.exception.ContentFilteredException;
import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.exception.TimeoutException;
import dev.langchain4j.exception.UnresolvedModelServerException;
import dev.llmlifecycle.api.LifecycleException;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

@NullMarked
class FailuresTest {

    private static final String SECRET = "sk-secret said the provider";

    static Stream<Arguments> failures() {
        return Stream.of(
                arguments(new AuthenticationException(SECRET), "check the API key"),
                arguments(new RateLimitException(SECRET), "ask for a higher limit"),
                arguments(new ModelNotFoundException(SECRET), "check the model's name"),
                arguments(new ContentFilteredException(SECRET), "rephrase the question"),
                arguments(new InvalidRequestException(SECRET), "look at the cause"),
                arguments(new InternalServerException(SECRET), "try again later"),
                arguments(new TimeoutException(SECRET), "allow more time"),
                arguments(new HttpTimeoutException(SECRET), "allow more time"),
                arguments(new SocketTimeoutException(SECRET), "allow more time"),
                arguments(new UnresolvedModelServerException(SECRET), "check its base URL"),
                arguments(new ConnectException(SECRET), "check its base URL"),
                arguments(new UnknownHostException(SECRET), "check its base URL"),
                arguments(new UnresolvedAddressException(), "check its base URL"),
                arguments(new LifecycleException("The index is damaged; build it again"), "build it again"),
                arguments(new IllegalStateException(SECRET), "The step 'model' failed with"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void sayWhatToDoAndNotWhatTheProviderSaid(Throwable failure, String remedy) {
        Throwable wrapped = new CompletionException(SECRET, new RuntimeException(SECRET, failure));

        assertThat(Failures.outcome("model", failure).text()).contains(remedy).doesNotContain(SECRET);
        assertThat(Failures.outcome("model", wrapped).text()).contains(remedy).doesNotContain(SECRET);
        assertThat(Failures.outcome("model", failure).cause()).containsSame(failure);
    }

    @Test
    void endForACircleOfCauses() {
        RuntimeException one = new RuntimeException();
        RuntimeException two = new RuntimeException(one);
        one.initCause(two);

        assertThat(Failures.outcome("route", one).text())
                .isEqualTo("The step 'route' failed with RuntimeException; look at the cause");
    }

    @Test
    void nameAnAnonymousFailureByItsFullName() {
        RuntimeException anonymous = new RuntimeException() {
            private static final long serialVersionUID = 1L;
        };

        assertThat(Failures.name(anonymous)).startsWith(FailuresTest.class.getName());
    }
}
