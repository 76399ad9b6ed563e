package dev.llmlifecycle.core.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.AuthenticationException;
import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.exception.TimeoutException;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.langchain4j.model.output.FinishReason;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

@NullMarked
@Timeout(30)
final class OpenAiServerTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @Nested
    final class Plain {

        @Test
        void answersInTheOrderOfTheScriptAndRecordsWhatWasAsked() {
            try (OpenAiServer server =
                    OpenAiServer.start().answer("Within 30 days.").answer("To a shop.")) {
                ChatModel model = plain(server);

                ChatResponse first = model.chat(SystemMessage.from("Be short."), UserMessage.from("How long?"));

                assertThat(first.aiMessage().text()).isEqualTo("Within 30 days.");
                assertThat(first.finishReason()).isEqualTo(FinishReason.STOP);
                assertThat(first.tokenUsage().inputTokenCount()).isEqualTo(4);
                assertThat(first.tokenUsage().outputTokenCount()).isEqualTo(3);
                assertThat(model.chat("Where?")).isEqualTo("To a shop.");
                assertThat(server.requests()).hasSize(2).allMatch(OpenAiServer.Request::authorized);
                OpenAiServer.Request request = server.requests().get(0);
                assertThat(request.model()).isEqualTo("test-model");
                assertThat(request.stream()).isFalse();
                assertThat(request.systemText()).isEqualTo("Be short.");
                assertThat(request.lastUserText()).isEqualTo("How long?");
                assertThat(server.requests().get(1).systemText()).isEmpty();
            }
        }

        @Test
        void aFunctionAnswersWhatNothingIsQueuedFor() {
            try (OpenAiServer server = OpenAiServer.start()
                    .answer("queued")
                    .answerWith(request -> Reply.text("You said " + request.lastUserText()))) {
                ChatModel model = plain(server);

                assertThat(model.chat("one")).isEqualTo("queued");
                assertThat(model.chat("two")).isEqualTo("You said two");
            }
        }

        @Test
        void aRequestWithoutScriptIsAnErrorThatSaysSo() {
            try (OpenAiServer server = OpenAiServer.start()) {
                assertThatExceptionOfType(InternalServerException.class)
                        .isThrownBy(() -> plain(server).chat("Hello"))
                        .withMessageContaining("the test scripted no reply for this request");
            }
        }

        @Test
        void refusesABadKeyAndKeepsTheReplyForTheNextRequest() {
            try (OpenAiServer server = OpenAiServer.start("right").answer("Hello")) {
                ChatModel stranger = OpenAiChatModel.builder()
                        .baseUrl(server.baseUrl())
                        .apiKey("wrong")
                        .modelName("test-model")
                        .maxRetries(0)
                        .build();

                assertThatExceptionOfType(AuthenticationException.class)
                        .isThrownBy(() -> stranger.chat("Hello"))
                        .withMessageContaining("Incorrect API key provided");
                assertThat(plain(server).chat("Hello")).isEqualTo("Hello");
                assertThat(server.requests())
                        .extracting(OpenAiServer.Request::authorized)
                        .containsExactly(false, true);
            }
        }

        @Test
        void failsWithTheStatusOfTheScript() {
            try (OpenAiServer server = OpenAiServer.start()
                    .answer(Reply.rateLimited(Duration.ofSeconds(7)))
                    .answer(Reply.failure(500))) {
                ChatModel model = plain(server);

                assertThatExceptionOfType(RateLimitException.class).isThrownBy(() -> model.chat("Hello"));
                assertThatExceptionOfType(InternalServerException.class).isThrownBy(() -> model.chat("Hello"));
            }
        }

        @Test
        void malformedJsonAndACutBodyAreFailuresOfTheCall() {
            try (OpenAiServer server =
                    OpenAiServer.start().answer(Reply.malformed()).answer(Reply.cut("Within 30 days.", 1))) {
                ChatModel model = plain(server);

                assertThatThrownBy(() -> model.chat("Hello")).isInstanceOf(RuntimeException.class);
                assertThatThrownBy(() -> model.chat("Hello")).hasRootCauseInstanceOf(IOException.class);
            }
        }

        @Test
        void emptyChoicesAreAFailureOfTheCall() {
            try (OpenAiServer server = OpenAiServer.start().answer(Reply.emptyChoices())) {
                assertThatThrownBy(() -> plain(server).chat("Hello")).isInstanceOf(RuntimeException.class);
            }
        }

        @Test
        void aTruncatedAnswerNamesTheLimit() {
            try (OpenAiServer server = OpenAiServer.start().answer(Reply.truncated("Within"))) {
                ChatResponse response = plain(server).chat(UserMessage.from("How long?"));

                assertThat(response.aiMessage().text()).isEqualTo("Within");
                assertThat(response.finishReason()).isEqualTo(FinishReason.LENGTH);
            }
        }

        @Test
        void aStalledReplyRunsIntoTheTimeoutOfTheClientAndClosingEndsIt() {
            try (OpenAiServer server = OpenAiServer.start().answer(Reply.stall())) {
                ChatModel model = OpenAiChatModel.builder()
                        .baseUrl(server.baseUrl())
                        .apiKey(server.apiKey())
                        .modelName("test-model")
                        .timeout(Duration.ofMillis(200))
                        .maxRetries(0)
                        .build();

                assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> model.chat("Hello"));
            }
        }

        @Test
        void aPortThatAnswersNothingIsAFailureOfTheCall() throws IOException {
            int port;
            try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
                port = socket.getLocalPort();
            }
            ChatModel model = OpenAiChatModel.builder()
                    .baseUrl("http://127.0.0.1:" + port + "/v1")
                    .apiKey("any")
                    .modelName("test-model")
                    .maxRetries(0)
                    .build();

            assertThatThrownBy(() -> model.chat("Hello")).hasRootCauseInstanceOf(IOException.class);
        }

        @Test
        void servesManyAtOnce() {
            try (OpenAiServer server = OpenAiServer.start().answerWith(request -> Reply.text(request.lastUserText()))) {
                ChatModel model = plain(server);

                List<String> answers = IntStream.range(0, 40)
                        .parallel()
                        .mapToObj(i -> model.chat("question " + i))
                        .toList();

                assertThat(answers)
                        .containsExactlyElementsOf(IntStream.range(0, 40)
                                .mapToObj(i -> "question " + i)
                                .toList());
                assertThat(server.requests()).hasSize(40);
            }
        }
    }

    @Nested
    final class Streaming {

        @Test
        void sendsThePiecesThenTheUsage() throws Exception {
            try (OpenAiServer server = OpenAiServer.start().answer("Within 30 days.")) {
                Collected collected = ask(server, "How long?");

                ChatResponse response = collected.response();
                assertThat(collected.pieces).containsExactly("Within ", "30 ", "days.");
                assertThat(response.aiMessage().text()).isEqualTo("Within 30 days.");
                assertThat(response.finishReason()).isEqualTo(FinishReason.STOP);
                assertThat(response.tokenUsage().outputTokenCount()).isEqualTo(3);
                assertThat(server.requests().get(0).stream()).isTrue();
            }
        }

        @Test
        void refusesABadKey() {
            try (OpenAiServer server = OpenAiServer.start("right").answer("Hello")) {
                StreamingChatModel stranger = OpenAiStreamingChatModel.builder()
                        .baseUrl(server.baseUrl())
                        .apiKey("wrong")
                        .modelName("test-model")
                        .build();
                Collected collected = new Collected();
                stranger.chat("Hello", collected);

                assertThatExceptionOfType(ExecutionException.class)
                        .isThrownBy(collected::response)
                        .withCauseInstanceOf(AuthenticationException.class);
            }
        }

        @Test
        void aCutStreamDeliversWhatCameAndThenFails() {
            try (OpenAiServer server = OpenAiServer.start().answer(Reply.cut("Within 30 days.", 2))) {
                Collected collected = ask(server, "How long?");

                assertThatThrownBy(collected::response).hasRootCauseInstanceOf(IOException.class);
                assertThat(collected.pieces).containsExactly("Within ", "30 ");
            }
        }

        @Test
        void aLateFirstTokenIsLate() throws Exception {
            try (OpenAiServer server =
                    OpenAiServer.start().answer(Reply.slow("Within 30 days.", Duration.ofMillis(300)))) {
                long start = System.nanoTime();
                Collected collected = ask(server, "How long?");

                assertThat(collected.response().aiMessage().text()).isEqualTo("Within 30 days.");
                assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(250));
            }
        }

        @Test
        void malformedEventsAreAFailureOfTheCall() {
            try (OpenAiServer server = OpenAiServer.start().answer(Reply.malformed())) {
                Collected collected = ask(server, "How long?");

                assertThatThrownBy(collected::response).isInstanceOf(ExecutionException.class);
            }
        }

        @Test
        void emptyChoicesEndWithoutAPieceAndWithoutAText() throws Exception {
            try (OpenAiServer server = OpenAiServer.start().answer(Reply.emptyChoices())) {
                Collected collected = ask(server, "How long?");

                assertThat(collected.response().aiMessage().text()).isNull();
                assertThat(collected.pieces).isEmpty();
            }
        }

        @Test
        void closingEndsAStalledStream() {
            OpenAiServer server = OpenAiServer.start().answer(Reply.stall());
            Collected collected = ask(server, "How long?");
            while (server.requests().isEmpty()) {
                Thread.onSpinWait();
            }

            server.close();
            server.close();

            assertThatThrownBy(collected::response).isInstanceOf(ExecutionException.class);
        }
    }

    @Nested
    final class Protocol {

        @Test
        void refusesOtherPathsMethodsAndBodies() throws Exception {
            try (OpenAiServer server = OpenAiServer.start()) {
                URI chat = URI.create(server.baseUrl() + "/chat/completions");
                HttpRequest.BodyPublisher broken = HttpRequest.BodyPublishers.ofString("{");

                assertThat(status(HttpRequest.newBuilder(URI.create(server.baseUrl() + "/models"))))
                        .isEqualTo(404);
                assertThat(status(HttpRequest.newBuilder(chat))).isEqualTo(405);
                assertThat(status(HttpRequest.newBuilder(chat).POST(broken))).isEqualTo(400);
                assertThat(server.requests()).isEmpty();
            }
        }

        @Test
        void readsMessagesMadeOfParts() throws Exception {
            try (OpenAiServer server = OpenAiServer.start().answer("ok")) {
                String body = "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"How \"},"
                        + "{\"type\":\"text\",\"text\":\"long?\"}]}]}";
                HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server.baseUrl() + "/chat/completions"))
                        .header("Authorization", "Bearer " + server.apiKey())
                        .POST(HttpRequest.BodyPublishers.ofString(body));

                assertThat(status(request)).isEqualTo(200);
                assertThat(server.requests().get(0).lastUserText()).isEqualTo("How long?");
            }
        }

        @Test
        void piecesPutTogetherAreTheText() {
            assertThat(OpenAiServer.pieces("  Two  words\nand\t")).containsExactly("  ", "Two  ", "words\n", "and\t");
            assertThat(OpenAiServer.pieces("")).isEmpty();
        }

        @Test
        void refusesAScriptThatCannotBePlayed() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Reply.cut("Within 30 days.", 4))
                    .withMessage("a text of 3 pieces cannot be cut after 4; choose a number in [0, 3]");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Reply.failure(200))
                    .withMessage("the status of a failure must be in [400, 599] but was 200; use a text to succeed");
        }

        private static int status(HttpRequest.Builder request) throws IOException, InterruptedException {
            return HttpClient.newHttpClient()
                    .send(request.timeout(PATIENCE).build(), HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        }
    }

    private static ChatModel plain(OpenAiServer server) {
        return OpenAiChatModel.builder()
                .baseUrl(server.baseUrl())
                .apiKey(server.apiKey())
                .modelName("test-model")
                .timeout(PATIENCE)
                .maxRetries(0)
                .build();
    }

    private static Collected ask(OpenAiServer server, String question) {
        Collected collected = new Collected();
        OpenAiStreamingChatModel.builder()
                .baseUrl(server.baseUrl())
                .apiKey(server.apiKey())
                .modelName("test-model")
                .timeout(PATIENCE)
                .build()
                .chat(question, collected);
        return collected;
    }

    private static final class Collected implements StreamingChatResponseHandler {
        final List<String> pieces = new ArrayList<>();
        final CompletableFuture<ChatResponse> done = new CompletableFuture<>();

        @Override
        public void onPartialResponse(String piece) {
            pieces.add(piece);
        }

        @Override
        public void onCompleteResponse(ChatResponse response) {
            done.complete(response);
        }

        @Override
        public void onError(Throwable error) {
            done.completeExceptionally(error);
        }

        ChatResponse response() throws Exception {
            return done.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
    }
}
