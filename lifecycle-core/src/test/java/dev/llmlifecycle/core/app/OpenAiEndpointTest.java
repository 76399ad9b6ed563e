package dev.llmlifecycle.core.app;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import dev.langchain4j.http.client.jdk.JdkHttpClientBuilder;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.llmlifecycle.api.app.Answer;
import dev.llmlifecycle.api.app.AnswerEvent;
import dev.llmlifecycle.api.app.AnswerStream;
import dev.llmlifecycle.api.app.Outcome;
import dev.llmlifecycle.api.app.Question;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.prompt.ChatPromptTemplate;
import dev.llmlifecycle.api.prompt.ModelParameters;
import dev.llmlifecycle.api.retrieval.Citation;
import dev.llmlifecycle.api.validation.Finding;
import dev.llmlifecycle.core.prompt.StructuredOutput;
import dev.llmlifecycle.core.resilience.ModelCallException;
import dev.llmlifecycle.core.resilience.ResiliencePolicy;
import dev.llmlifecycle.core.resilience.ResilientChatModel;
import dev.llmlifecycle.core.testing.OpenAiServer;
import dev.llmlifecycle.core.testing.Reply;
import dev.llmlifecycle.core.validation.content.GroundednessValidator;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/** The way of a question to a real HTTP endpoint and back, plain and streamed, with what endpoints really send. */
@NullMarked
@Timeout(120)
class OpenAiEndpointTest {

    private static final Identity MODEL = Identity.of("test-model", "1");
    private static final String GOOD = "Refunds are paid within 14 days [1].";

    @AutoClose
    private final OpenAiServer server = OpenAiServer.start();

    private final RecordedEvents events = new RecordedEvents();

    /** How the answer comes. */
    enum Way {
        PLAIN,
        STREAMED
    }

    private static ChatModel model(String baseUrl, String apiKey) {
        return OpenAiChatModel.builder()
                .httpClientBuilder(new JdkHttpClientBuilder())
                .baseUrl(baseUrl)
                .apiKey(apiKey)
                .modelName("test-model")
                .maxRetries(0)
                .build();
    }

    private static StreamingChatModel streamingModel(String baseUrl, String apiKey) {
        return OpenAiStreamingChatModel.builder()
                .httpClientBuilder(new JdkHttpClientBuilder())
                .baseUrl(baseUrl)
                .apiKey(apiKey)
                .modelName("test-model")
                .build();
    }

    private LlmApp.Builder app(String baseUrl, String apiKey) {
        return LlmApp.builder()
                .model(MODEL, model(baseUrl, apiKey))
                .streamingModel(MODEL, streamingModel(baseUrl, apiKey))
                .retriever(Given.retriever(Given.REFUNDS, Given.RETURNS))
                .outputValidator(GroundednessValidator.builder().build());
    }

    private LlmApp.Builder app() {
        return app(server.baseUrl(), server.apiKey());
    }

    private Answer ask(Way way, LlmApp.Builder builder) {
        return ask(way, builder, Question.of("How long does a refund take?"));
    }

    /** Asks, and checks what holds for every stream. */
    private Answer ask(Way way, LlmApp.Builder builder, Question question) {
        try (LlmApp app = builder.build()) {
            if (way == Way.PLAIN) {
                return app.ask(question);
            }
            Answer answer = app.stream(question, events).completion().join();
            assertThat(events.answer()).isEqualTo(answer);
            if (!(answer.outcome() instanceof Outcome.Failed)) {
                assertThat(events.text()).isEqualTo(answer.text());
            }
            return answer;
        }
    }

    private static void assertFailed(Answer answer, String text) {
        assertThat(answer.outcome()).isInstanceOfSatisfying(Outcome.Failed.class, failed -> {
            assertThat(failed.step()).isEqualTo("model");
            assertThat(failed.text()).isEqualTo(text);
        });
    }

    @ParameterizedTest
    @EnumSource
    void aGoodAnswerArrivesWithItsCitationsAndTokens(Way way) {
        server.answer(GOOD);

        Answer answer = ask(way, app());

        assertThat(answer.orElseThrow()).isEqualTo(GOOD);
        assertThat(answer.citations()).containsExactly(new Citation(1, "refunds#1", "refunds.md"));
        assertThat(answer.interaction().inputTokens()).isPositive();
        assertThat(answer.interaction().outputTokens()).isPositive();
        OpenAiServer.Request request = server.requests().get(0);
        assertThat(request.stream()).isEqualTo(way == Way.STREAMED);
        assertThat(request.systemText()).contains("<passage number=\"1\" source=\"refunds.md\">");
        assertThat(request.lastUserText()).isEqualTo("How long does a refund take?");
        assertThat(request.body().path("temperature").asDouble(-1)).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void anAnswerInAnotherFormIsTakenAsItIs(Way way) {
        String table = "| Refunds | Days |\n| --- | --- |\n| paid | 14 |\n\n```\nreturn free\n```\n{\"paid\": \"14\"}";
        server.answer(table);

        assertThat(ask(way, app()).text()).isEqualTo(table);
    }

    @ParameterizedTest
    @EnumSource
    void anAnswerWithoutCitationHasNone(Way way) {
        server.answer("Refunds are paid within 14 days.");

        Answer answer = ask(way, app());

        assertThat(answer.isAnswered()).isTrue();
        assertThat(answer.citations()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aCitationOfNothingIsNoticed(Way way) {
        server.answer("Refunds are paid within 14 days [7].");

        assertThat(ask(way, app()).findings()).extracting(Finding::code).containsExactly("citation-unknown");
    }

    @ParameterizedTest
    @EnumSource
    void anInventedAnswerIsAskedForAgainAndNeverShown(Way way) {
        server.answer("Refunds are paid within 14 days. Unicorns deliver purple bananas.")
                .answer(GOOD);

        Answer answer = ask(way, app());

        assertThat(answer.text()).isEqualTo(GOOD);
        assertThat(server.requests()).hasSize(2);
        assertThat(server.requests().get(1).lastUserText()).contains("not supported by the passages");
        assertThat(events.of(AnswerEvent.Text.class))
                .extracting(AnswerEvent.Text::text)
                .noneMatch(text -> text.contains("Unicorns"));
    }

    @ParameterizedTest
    @EnumSource
    void aRefusalOfTheModelEndsInTheFallback(Way way) {
        server.answerWith(request -> Reply.text("I'm sorry, but I can't help with that request."));

        Answer answer = ask(way, app().fallback("Please write to us."));

        assertThat(answer.outcome()).isEqualTo(new Outcome.Blocked("Please write to us.", "groundedness"));
        assertThat(server.requests()).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource
    void anAbstentionIsOne(Way way) {
        server.answer("The documents do not answer this.");

        assertThat(ask(way, app()).outcome()).isEqualTo(new Outcome.Abstained("The documents do not answer this."));
    }

    @ParameterizedTest
    @EnumSource
    void anAnswerThatTheTokenLimitEndedIsMarked(Way way) {
        server.answer(Reply.truncated("Refunds are paid within"));

        Answer answer = ask(way, app());

        assertThat(answer.text()).isEqualTo("Refunds are paid within");
        assertThat(answer.findings()).extracting(Finding::code).containsExactly("answer-cut-off");
    }

    @ParameterizedTest
    @EnumSource
    void aConnectionThatBreaksInTheAnswerFails(Way way) {
        server.answer(Reply.cut("Refunds are paid within 14 days [1]. Returns are free of charge [2].", 8));

        Answer answer = ask(way, app());

        assertThat(answer.outcome()).isInstanceOf(Outcome.Failed.class);
        assertThat(answer.text()).startsWith("The ");
    }

    @ParameterizedTest
    @EnumSource
    void anEmptyOrBrokenBodyFails(Way way) {
        server.answer("").answer(Reply.emptyChoices()).answer(Reply.malformed());

        for (int i = 0; i < 3; i++) {
            events.all.clear();
            assertThat(ask(way, app()).outcome()).as("reply %s", i).isInstanceOf(Outcome.Failed.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aWrongKeyIsSaid(Way way) {
        assertFailed(
                ask(way, app(server.baseUrl(), "sk-wrong")), "The endpoint refused the credentials; check the API key");
    }

    @ParameterizedTest
    @EnumSource
    void aClosedPortIsSaid(Way way) throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }

        assertFailed(
                ask(way, app("http://127.0.0.1:" + port + "/v1", "test-key")),
                "The endpoint cannot be reached; check its base URL and that it is running");
    }

    @ParameterizedTest
    @EnumSource
    void eachKindOfErrorIsSaid(Way way) {
        List<String> texts = List.of(
                "The endpoint limits the rate; wait, or ask for a higher limit",
                "The endpoint failed inside; try again later",
                "The endpoint refused the request as invalid; look at the cause",
                "The endpoint does not know the model; check the model's name");
        Stream.of(Reply.rateLimited(Duration.ofSeconds(1)), Reply.failure(503), Reply.failure(400), Reply.failure(404))
                .forEach(server::answer);

        for (String text : texts) {
            events.all.clear();
            assertFailed(ask(way, app()), text);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anEndpointThatStallsIsLeftAtTheDeadline(Way way) {
        server.answer(Reply.stall());

        assertFailed(
                ask(way, app().timeout(Duration.ofMillis(300))),
                "The answer took longer than the 300 ms that were left; allow more time or look at the steps of the"
                        + " interaction");
    }

    @ParameterizedTest
    @EnumSource
    void anOutputSchemaArrivesAndTheAnswerIsReadBack(Way way) {
        record Refund(int days, List<String> conditions) {}
        StructuredOutput<Refund> refunds = StructuredOutput.of(Refund.class);
        server.answer("{\"days\": 14, \"conditions\": [\"unused\"]}");

        Answer answer = ask(
                way,
                LlmApp.builder()
                        .model(MODEL, model(server.baseUrl(), server.apiKey()))
                        .streamingModel(MODEL, streamingModel(server.baseUrl(), server.apiKey()))
                        .prompt(ChatPromptTemplate.builder("refund")
                                .user("{{question}}")
                                .outputSchema(refunds.jsonSchema())
                                .parameters(ModelParameters.builder()
                                        .maxOutputTokens(200)
                                        .build())
                                .build()));

        assertThat(refunds.read(answer.orElseThrow())).isEqualTo(new Refund(14, List.of("unused")));
        JsonNode format = server.requests().get(0).body().path("response_format");
        assertThat(format.path("type").asText()).isEqualTo("json_schema");
        assertThat(format.path("json_schema").path("name").asText()).isEqualTo("refund");
        assertThat(format.path("json_schema").path("schema").toString()).isEqualTo(refunds.jsonSchema());
    }

    @Test
    void cancellingAStreamEndsTheExchangeWithTheEndpoint() {
        server.answer(new Reply.Endless("Refunds are paid within 14 days [1]. ", Duration.ofMillis(5)));
        CompletableFuture<Void> begun = new CompletableFuture<>();
        try (LlmApp app = app().build()) {
            AnswerStream stream =
                    app.stream(Question.of("How long does a refund take?"), event -> begun.complete(null));
            begun.join();

            stream.cancel();

            assertThat(server.abandoned()).succeedsWithin(Duration.ofSeconds(30));
            assertThat(stream.completion().join().interaction().outcome()).isEqualTo("cancelled");
        }
    }

    @Test
    void theDeadlineOfAStreamEndsTheExchangeWithTheEndpoint() {
        server.answer(new Reply.Endless("Refunds are paid within 14 days [1]. ", Duration.ofMillis(5)));
        try (LlmApp app = app().timeout(Duration.ofSeconds(2)).build()) {
            Answer answer = app.stream(Question.of("How long does a refund take?"), event -> {})
                    .completion()
                    .join();

            assertThat(answer.outcome()).isInstanceOf(Outcome.Failed.class);
            assertThat(server.abandoned()).succeedsWithin(Duration.ofSeconds(30));
        }
    }

    @Test
    void theDeadlineOfAQuestionBindsAResilientModel() {
        server.answer(Reply.failure(500));
        ChatModel model = ResilientChatModel.builder(MODEL, model(server.baseUrl(), server.apiKey()))
                .policy(ResiliencePolicy.builder()
                        .maxRetries(3)
                        .backoff(Duration.ofSeconds(50), Duration.ofSeconds(50))
                        .build())
                .build();
        try (LlmApp app = LlmApp.builder().model(MODEL, model).build()) {
            Answer answer = app.ask(Question.builder("How long?")
                    .deadline(Instant.now().plusSeconds(20))
                    .build());

            assertThat(answer.outcome())
                    .isInstanceOfSatisfying(
                            Outcome.Failed.class,
                            failed -> assertThat(failed.cause()).containsInstanceOf(ModelCallException.class));
            assertThat(server.requests()).hasSize(1);
        }
    }
}
