package dev.llmlifecycle.core.resilience;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;

import com.fasterxml.jackson.core.JsonParseException;
import dev.langchain4j.exception.AuthenticationException;
import dev.langchain4j.exception.ContentFilteredException;
import dev.langchain4j.exception.HttpException;
import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.exception.RetriableException;
import dev.langchain4j.exception.TimeoutException;
import dev.langchain4j.exception.UnresolvedModelServerException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

final class FailureKindTest {

    static Stream<Arguments> failures() {
        return Stream.of(
                arguments(new RateLimitException("429"), FailureKind.RATE_LIMIT, true),
                arguments(new HttpException(429, "429"), FailureKind.RATE_LIMIT, true),
                arguments(new RetryAfterException(429, Duration.ofSeconds(1)), FailureKind.RATE_LIMIT, true),
                arguments(new RetryAfterException(503, Duration.ofSeconds(1)), FailureKind.SERVER_ERROR, true),
                arguments(new TimeoutException("late"), FailureKind.TIMEOUT, true),
                arguments(new HttpTimeoutException("late"), FailureKind.TIMEOUT, true),
                arguments(new SocketTimeoutException("late"), FailureKind.TIMEOUT, true),
                arguments(new java.util.concurrent.TimeoutException("late"), FailureKind.TIMEOUT, true),
                arguments(new HttpException(408, "late"), FailureKind.TIMEOUT, true),
                arguments(new InternalServerException("500"), FailureKind.SERVER_ERROR, true),
                arguments(new RetriableException("again"), FailureKind.SERVER_ERROR, true),
                arguments(new HttpException(502, "gateway"), FailureKind.SERVER_ERROR, true),
                arguments(new ConnectException("refused"), FailureKind.CONNECTION, true),
                arguments(new UnresolvedAddressException(), FailureKind.CONNECTION, true),
                arguments(new UnresolvedModelServerException("unknown host"), FailureKind.CONNECTION, false),
                arguments(new JsonParseException(null, "not JSON"), FailureKind.MALFORMED_ANSWER, true),
                arguments(new EmptyAnswerException(), FailureKind.MALFORMED_ANSWER, true),
                arguments(new ContentFilteredException("filtered"), FailureKind.CONTENT_FILTER, false),
                arguments(new AuthenticationException("401"), FailureKind.REFUSED, false),
                arguments(new InvalidRequestException("400"), FailureKind.REFUSED, false),
                arguments(new ModelNotFoundException("404"), FailureKind.REFUSED, false),
                arguments(new UnsupportedFeatureException("no tools"), FailureKind.REFUSED, false),
                arguments(new HttpException(403, "forbidden"), FailureKind.REFUSED, false),
                arguments(new InterruptedException(), FailureKind.OTHER, false),
                arguments(new IllegalArgumentException("a bug"), FailureKind.OTHER, false),
                arguments(
                        new ModelCallException("inner", FailureKind.CIRCUIT_OPEN, List.of(), null),
                        FailureKind.CIRCUIT_OPEN,
                        false));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void sayWhetherARetryIsWorthwhile(Throwable failure, FailureKind kind, boolean retry) {
        assertThat(FailureKind.of(failure)).isEqualTo(kind);
        assertThat(FailureKind.isWorthRetry(failure)).isEqualTo(retry);
    }

    @ParameterizedTest
    @MethodSource("failures")
    void areFoundUnderWhatWrapsThem(Throwable failure, FailureKind kind, boolean retry) {
        Throwable wrapped = new CompletionException(new RuntimeException(failure));

        assertThat(FailureKind.of(wrapped)).isEqualTo(kind);
        assertThat(FailureKind.isWorthRetry(wrapped)).isEqualTo(retry);
    }

    @Test
    void aRetriableFailureThatAPermanentOneCausedIsPermanent() {
        assertThat(FailureKind.isWorthRetry(new RateLimitException(new AuthenticationException("401"))))
                .isFalse();
    }

    @Test
    void aRingOfCausesHasAnEnd() {
        IllegalStateException one = new IllegalStateException("one");
        IllegalStateException two = new IllegalStateException("two", one);
        one.initCause(two);

        assertThat(FailureKind.of(one)).isEqualTo(FailureKind.OTHER);
    }

    @Test
    void aDeepCauseIsFound() {
        Throwable failure = new IOException("reset");
        for (int i = 0; i < 10; i++) {
            failure = new RuntimeException(failure);
        }

        assertThat(FailureKind.of(failure)).isEqualTo(FailureKind.CONNECTION);
    }
}
