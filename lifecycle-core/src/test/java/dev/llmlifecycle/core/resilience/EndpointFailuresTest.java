package dev.llmlifecycle.core.resilience;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import com.sun.net.httpserver.HttpServer;
import dev.langchain4j.exception.AuthenticationException;
import dev.langchain4j.http.client.jdk.JdkHttpClient;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.core.testing.OpenAiServer;
import dev.llmlifecycle.core.testing.Reply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/** What real clients make of an endpoint that fails, on loopback. */
final class EndpointFailuresTest {

    private static final Identity MAIN = Identity.of("main", "1");
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final OpenAiServer server = OpenAiServer.start();
    private final Pauses pauses = new Pauses();

    @AfterEach
    void close() {
        server.close();
    }

    @Nested
    final class Whole {

        @Test
        void aBadKeyIsTriedOnce() {
            ModelCallException failure = failureOf(resilient(client("wrong")));

            assertThat(failure).hasCauseInstanceOf(AuthenticationException.class);
            assertThat(failure.kind()).isEqualTo(FailureKind.REFUSED);
            assertThat(failure.getMessage()).doesNotContain("wrong").doesNotContain("How long");
            assertThat(server.requests()).hasSize(1);
        }

        @Test
        void aRateLimitWithoutHeaderIsTriedAgainAfterTheBackoff() {
            server.answer(Reply.failure(429)).answer("ok");

            assertThat(resilient(client(server.apiKey())).chat("How long?")).isEqualTo("ok");
            assertThat(pauses.nanos).containsExactly(Duration.ofMillis(10).toNanos());
        }

        @Test
        void aRetryAfterHeaderIsHonoured() {
            server.answer(Reply.rateLimited(Duration.ofSeconds(7))).answer("ok");

            assertThat(resilient(client(server.apiKey())).chat("How long?")).isEqualTo("ok");
            assertThat(pauses.nanos).containsExactly(Duration.ofSeconds(7).toNanos());
        }

        @Test
        void withTheClientOfLangChain4jTheHeaderIsLost() {
            server.answer(Reply.rateLimited(Duration.ofSeconds(7))).answer("ok");
            ChatModel plain = OpenAiChatModel.builder()
                    .baseUrl(server.baseUrl())
                    .apiKey(server.apiKey())
                    .modelName("test-model")
                    .maxRetries(0)
                    .build();

            assertThat(resilient(plain).chat("How long?")).isEqualTo("ok");
            assertThat(pauses.nanos).containsExactly(Duration.ofMillis(10).toNanos());
        }

        @Test
        void aServerErrorIsTriedAgain() {
            server.answer(Reply.failure(500)).answer(Reply.failure(503)).answer("ok");

            assertThat(resilient(client(server.apiKey())).chat("How long?")).isEqualTo("ok");
        }

        @Test
        void aStalledConnectionIsGivenUp() {
            server.answer(Reply.stall()).answerWith(request -> Reply.text("ok"));

            assertThat(resilient(client(server.apiKey()), impatient()).chat("How long?"))
                    .isEqualTo("ok");
            assertThat(server.requests()).hasSizeGreaterThan(1);
        }

        @Test
        void aCutBodyIsTriedAgain() {
            server.answer(Reply.cut("Within 30 days.", 1)).answer("ok");

            assertThat(resilient(client(server.apiKey())).chat("How long?")).isEqualTo("ok");
        }

        @Test
        void malformedJsonIsTriedAgain() {
            server.answer(Reply.malformed()).answer(Reply.malformed()).answer(Reply.malformed());

            assertThat(failureOf(resilient(client(server.apiKey()))).attempts())
                    .extracting(FailedAttempt::kind)
                    .containsOnly(FailureKind.MALFORMED_ANSWER)
                    .hasSize(3);
        }

        @Test
        void emptyChoicesAreTriedAgain() {
            server.answer(Reply.emptyChoices()).answer("ok");

            assertThat(resilient(client(server.apiKey())).chat("How long?")).isEqualTo("ok");
        }

        @Test
        void aPortThatAnswersNothingIsLeftToTheFallback() {
            ChatModel gone = client(server.apiKey());
            server.close();

            ChatModel model = ResilientChatModel.builder(MAIN, gone)
                    .policy(policy())
                    .fallbackTo(
                            Identity.of("backup", "1"),
                            ScriptedChatModel.answering("from backup"),
                            FailureKind.CONNECTION)
                    .build();

            assertThat(model.chat("How long?")).isEqualTo("from backup");
        }

        private ModelCallException failureOf(ChatModel model) {
            ModelCallException failure = catchThrowableOfType(ModelCallException.class, () -> model.chat("How long?"));
            assertThat(failure).isNotNull();
            return failure;
        }

        private ChatModel resilient(ChatModel model) {
            return resilient(model, policy());
        }

        private ChatModel resilient(ChatModel model, ResiliencePolicy policy) {
            return ResilientChatModel.builder(MAIN, model).policy(policy).build();
        }

        private ChatModel client(String key) {
            // docs:begin retry-after
            ChatModel openAi = OpenAiChatModel.builder()
                    .httpClientBuilder(JdkHttpClient.builder().httpClientBuilder(RetryAfterHttpClient.builder()))
                    .baseUrl(server.baseUrl())
                    .apiKey(key)
                    .modelName("test-model")
                    .maxRetries(0)
                    .build();
            // docs:end retry-after
            return openAi;
        }
    }

    @Nested
    final class Streamed {

        @Test
        void aBadKeyIsTriedOnce() {
            Collected collected = ask(client("wrong"), policy());

            assertThat(collected.failure()).hasCauseInstanceOf(AuthenticationException.class);
            assertThat(server.requests()).hasSize(1);
        }

        @Test
        void aRateLimitWithoutHeaderIsTriedAgainAfterTheBackoff() throws Exception {
            server.answer(Reply.failure(429)).answer("Within 30 days.");

            assertThat(ask().text()).isEqualTo("Within 30 days.");
            assertThat(pauses.nanos).containsExactly(Duration.ofMillis(10).toNanos());
        }

        @Test
        void aRetryAfterHeaderIsHonoured() throws Exception {
            server.answer(Reply.rateLimited(Duration.ofSeconds(7))).answer("Within 30 days.");

            assertThat(ask().text()).isEqualTo("Within 30 days.");
            assertThat(pauses.nanos).containsExactly(Duration.ofSeconds(7).toNanos());
        }

        @Test
        void aServerErrorIsTriedAgain() throws Exception {
            server.answer(Reply.failure(500)).answer("Within 30 days.");

            Collected collected = ask();

            assertThat(collected.text()).isEqualTo("Within 30 days.");
            assertThat(collected.pieces).containsExactly("Within ", "30 ", "days.");
        }

        @Test
        void aSlowFirstTokenIsGivenUpAndNeverHeard() throws Exception {
            server.answer(Reply.slow("too late", Duration.ofMillis(200)))
                    .answerWith(request -> Reply.text("Within 30 days."));

            Collected collected = ask(client(server.apiKey()), impatient());

            assertThat(collected.text()).isEqualTo("Within 30 days.");
            assertThat(collected.pieces).containsExactly("Within ", "30 ", "days.");
            assertThat(collected.endings).hasSize(1);
        }

        @Test
        void aStalledConnectionIsGivenUp() throws Exception {
            server.answer(Reply.stall()).answerWith(request -> Reply.text("Within 30 days."));

            assertThat(ask(client(server.apiKey()), impatient()).text()).isEqualTo("Within 30 days.");
        }

        @Test
        void aStreamCutBeforeTheFirstTokenIsTriedAgain() throws Exception {
            server.answer(Reply.cut("Within 30 days.", 0)).answer("Within 30 days.");

            assertThat(ask().pieces()).containsExactly("Within ", "30 ", "days.");
        }

        @Test
        void aStreamCutLaterIsAnErrorOnce() throws IOException {
            Collected collected = new Collected();
            AtomicInteger requests = new AtomicInteger();
            HttpServer cutting =
                    HttpServer.create(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0), 0);
            cutting.createContext("/", exchange -> {
                requests.incrementAndGet();
                exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
                exchange.sendResponseHeaders(200, 0);
                exchange.getResponseBody()
                        .write("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Within \"}}]}\n\n"
                                .getBytes(StandardCharsets.UTF_8));
                exchange.getResponseBody().flush();
                collected.awaitFirstPiece();
                throw new IOException("cut");
            });
            cutting.start();
            try {
                StreamingChatModel model = OpenAiStreamingChatModel.builder()
                        .baseUrl("http://127.0.0.1:" + cutting.getAddress().getPort() + "/v1")
                        .apiKey("any")
                        .modelName("test-model")
                        .timeout(PATIENCE)
                        .build();
                ResilientStreamingChatModel.builder(MAIN, model)
                        .policy(policy())
                        .build()
                        .chat("How long?", collected);

                assertThat(collected.failure()).isInstanceOf(ModelCallException.class);
            } finally {
                cutting.stop(0);
            }
            assertThat(collected.pieces).containsExactly("Within ");
            assertThat(collected.endings).containsExactly("error");
            assertThat(requests).hasValue(1);
        }

        @Test
        void malformedJsonIsTriedAgain() throws Exception {
            server.answer(Reply.malformed()).answer("Within 30 days.");

            assertThat(ask().text()).isEqualTo("Within 30 days.");
        }

        @Test
        void emptyChoicesAreTriedAgain() throws Exception {
            server.answer(Reply.emptyChoices()).answer("Within 30 days.");

            Collected collected = ask();

            assertThat(collected.text()).isEqualTo("Within 30 days.");
            assertThat(collected.endings).containsExactly("complete");
        }

        private Collected ask() {
            return ask(client(server.apiKey()), policy());
        }

        private Collected ask(StreamingChatModel model, ResiliencePolicy policy) {
            Collected collected = new Collected();
            ResilientStreamingChatModel.builder(MAIN, model)
                    .policy(policy)
                    .build()
                    .chat("How long?", collected);
            return collected;
        }

        private StreamingChatModel client(String key) {
            return OpenAiStreamingChatModel.builder()
                    .httpClientBuilder(JdkHttpClient.builder().httpClientBuilder(RetryAfterHttpClient.builder()))
                    .baseUrl(server.baseUrl())
                    .apiKey(key)
                    .modelName("test-model")
                    .timeout(PATIENCE)
                    .build();
        }
    }

    private ResiliencePolicy policy() {
        return patient().build();
    }

    /** Gives up soon and, since a busy machine may be slow, often. */
    private ResiliencePolicy impatient() {
        return patient()
                .timeout(Duration.ofMillis(80))
                .maxRetries(50)
                .noCircuitBreaker()
                .build();
    }

    private ResiliencePolicy.Builder patient() {
        return ResiliencePolicy.builder()
                .timeout(PATIENCE)
                .stallTimeout(PATIENCE)
                .backoff(Duration.ofMillis(10), Duration.ofMillis(10))
                .jitter(0)
                .time(pauses);
    }

    /** Real time but for the waits before a retry, which are only written down. */
    private static final class Pauses implements Timekeeper {

        private final List<Long> nanos = new CopyOnWriteArrayList<>();

        @Override
        public long nanoTime() {
            return SYSTEM.nanoTime();
        }

        @Override
        public boolean await(Future<?> end, long nanos) throws InterruptedException {
            return SYSTEM.await(end, nanos);
        }

        @Override
        public void pause(long nanos) {
            this.nanos.add(nanos);
        }
    }

    private static final class Collected implements StreamingChatResponseHandler {

        private final List<String> pieces = new CopyOnWriteArrayList<>();
        private final List<String> endings = new CopyOnWriteArrayList<>();
        private final CompletableFuture<ChatResponse> done = new CompletableFuture<>();
        private final CountDownLatch firstPiece = new CountDownLatch(1);

        void awaitFirstPiece() throws IOException {
            try {
                if (!firstPiece.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                    throw new IOException("no piece arrived");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException(e);
            }
        }

        @Override
        public void onPartialResponse(String piece) {
            pieces.add(piece);
            firstPiece.countDown();
        }

        @Override
        public void onCompleteResponse(ChatResponse response) {
            endings.add("complete");
            done.complete(response);
        }

        @Override
        public void onError(Throwable error) {
            endings.add("error");
            done.completeExceptionally(error);
        }

        String text() throws Exception {
            return done.get(PATIENCE.toSeconds(), TimeUnit.SECONDS).aiMessage().text();
        }

        List<String> pieces() throws Exception {
            text();
            return pieces;
        }

        Throwable failure() {
            ExecutionException failure = catchThrowableOfType(ExecutionException.class, this::text);
            assertThat(failure).isNotNull();
            return Objects.requireNonNull(failure.getCause(), "cause");
        }
    }
}
