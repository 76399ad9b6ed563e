package dev.llmlifecycle.core.conversation;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.http.client.jdk.JdkHttpClientBuilder;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.app.Question;
import dev.llmlifecycle.api.app.Rewriting;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.core.resilience.Deadline;
import dev.llmlifecycle.core.testing.OpenAiServer;
import dev.llmlifecycle.core.testing.Reply;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

@NullMarked
@Timeout(60)
class ModelRewriterTest {

    private static final Identity MODEL = Identity.of("test-model", "1");
    private static final List<ChatMessage> HISTORY = List.of(
            UserMessage.from("How long do I have to return an order?"),
            AiMessage.from("Orders can be returned within 60 days."));
    private static final Rewriting BY_RULES =
            new Rewriting.FollowUp("How long do I have to return an order, for business customers?");

    @AutoClose
    private final OpenAiServer server = OpenAiServer.start();

    private final ChatModel model = OpenAiChatModel.builder()
            .httpClientBuilder(new JdkHttpClientBuilder())
            .baseUrl(server.baseUrl())
            .apiKey(server.apiKey())
            .modelName("test-model")
            .maxRetries(0)
            .build();
    private final ModelRewriter rewriter = ModelRewriter.builder(MODEL, model).build();

    private Rewriting rewrite(String question) {
        return rewriter.rewrite(Question.of(question), HISTORY);
    }

    @Test
    void takesTheModelsWordForWhatAQuestionIs() {
        server.answer("REWRITTEN: How long can business customers return an order?")
                .answer("SAME")
                .answer("NEW.")
                .answer("UNCLEAR")
                .answer("REWRITTEN: and for business customers?");

        assertThat(rewrite("and for business customers?"))
                .isEqualTo(new Rewriting.FollowUp("How long can business customers return an order?"));
        assertThat(rewrite("and for business customers?")).isEqualTo(new Rewriting.StandsAlone());
        assertThat(rewrite("and for business customers?")).isEqualTo(new Rewriting.NewTopic());
        assertThat(rewrite("and for business customers?"))
                .isEqualTo(new Rewriting.Unclear("I am not sure what you are asking about. Can you name it?"));
        assertThat(rewrite("and for business customers?")).isEqualTo(new Rewriting.StandsAlone());
    }

    @Test
    void showsTheModelTheConversationAndTheQuestion() {
        server.answer("SAME");

        rewrite("and for business customers?");

        assertThat(server.requests().get(0).lastUserText()).isEqualTo("""
                        Conversation:
                        User: How long do I have to return an order?
                        Assistant: Orders can be returned within 60 days.

                        Last question: and for business customers?""");
    }

    @Test
    void showsTheModelABoundedPartOfALongConversation() {
        server.answer("SAME");
        List<ChatMessage> history = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            history.add(UserMessage.from("word ".repeat(1_000) + i));
            history.add(AiMessage.from("answer " + i));
        }

        rewriter.rewrite(Question.of("and then?"), history);

        assertThat(server.requests().get(0).lastUserText())
                .hasSizeLessThan(4_000)
                .contains("answer 99");
    }

    @Test
    void doesNotAskTheModelAtTheBeginning() {
        assertThat(rewriter.rewrite(Question.of("How long is a refund?"), List.of()))
                .isEqualTo(new Rewriting.StandsAlone());
        assertThat(rewriter.rewrite(Question.of("And that?"), List.of())).isInstanceOf(Rewriting.Unclear.class);
        assertThat(server.requests()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "REWRITTEN:",
                "REWRITTEN:   ",
                "Business customers have 20 days.",
                "REWRITTEN: How long?\nBecause you asked.",
                "REWRITTEN: zebra crossing photosynthesis",
                "same"
            })
    void fallsBackToTheRulesWhenTheModelTalksNonsense(String nonsense) {
        server.answer(nonsense);

        assertThat(rewrite("and for business customers?")).isEqualTo(BY_RULES);
    }

    @Test
    void fallsBackToTheRulesWhenTheModelNeverStops() {
        server.answer("REWRITTEN: " + "How long do business customers have? ".repeat(100));

        assertThat(rewrite("and for business customers?")).isEqualTo(BY_RULES);
    }

    @Test
    void fallsBackToTheRulesWhenTheModelFails() {
        server.answer(Reply.failure(500)).answer(Reply.malformed()).answer(Reply.emptyChoices());

        for (int i = 0; i < 3; i++) {
            assertThat(rewrite("and for business customers?")).isEqualTo(BY_RULES);
        }
    }

    @Test
    void goesNoFurtherOnceItsThreadIsInterrupted() {
        ChatModel interrupted = new ChatModel() {
            @Override
            public ChatResponse doChat(ChatRequest request) {
                Thread.currentThread().interrupt();
                throw new LifecycleException("interrupted");
            }
        };

        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(() ->
                        ModelRewriter.builder(MODEL, interrupted).build().rewrite(Question.of("and then?"), HISTORY));
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void bindsTheModelToItsTimeoutAndTheQuestionsDeadline() {
        Instant now = Instant.parse("2026-01-02T10:00:00Z");
        List<Optional<Deadline>> heard = new ArrayList<>();
        ChatModel listening = new ChatModel() {
            @Override
            public ChatResponse chat(ChatRequest request, ChatRequestOptions options) {
                heard.add(Deadline.of(options));
                return ChatResponse.builder().aiMessage(AiMessage.from("SAME")).build();
            }
        };
        ModelRewriter bound = ModelRewriter.builder(MODEL, listening)
                .timeout(Duration.ofSeconds(3))
                .clock(Clock.fixed(now, ZoneOffset.UTC))
                .build();

        bound.rewrite(Question.of("and then?"), HISTORY);
        bound.rewrite(Question.of("and then?").withDeadline(now.plusSeconds(1)), HISTORY);
        bound.rewrite(Question.of("and then?").withDeadline(now.plusSeconds(9)), HISTORY);

        assertThat(heard)
                .containsExactly(
                        Optional.of(Deadline.at(now.plusSeconds(3))),
                        Optional.of(Deadline.at(now.plusSeconds(1))),
                        Optional.of(Deadline.at(now.plusSeconds(3))));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ModelRewriter.builder(MODEL, listening).timeout(Duration.ZERO))
                .withMessage("the timeout must be positive but was PT0S; 10 s is usual");
    }

    @Test
    void isKnownByItsModelAndSettings() {
        assertThat(ModelRewriter.builder(MODEL, model).build().identity()).isEqualTo(rewriter.identity());
        assertThat(ModelRewriter.builder(Identity.of("other", "1"), model)
                        .build()
                        .identity())
                .isNotEqualTo(rewriter.identity());
        assertThat(ModelRewriter.builder(MODEL, model)
                        .clarification("Pardon?")
                        .build()
                        .identity())
                .isNotEqualTo(rewriter.identity());
    }

    @Test
    void summarisesWithWhatWasSummarisedBefore() {
        server.answer("The user asked about returns.").answer("");
        ModelSummarizer summarizer = ModelSummarizer.of(model, Duration.ofSeconds(10));

        assertThat(summarizer.summarize(Optional.of("Opening hours."), HISTORY))
                .isEqualTo("The user asked about returns.");
        assertThat(server.requests().get(0).lastUserText())
                .startsWith("Summary so far: Opening hours.\n\nConversation:\nUser: How long");
        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(() -> summarizer.summarize(Optional.empty(), HISTORY))
                .withMessage("The model answered nothing when it was to summarise; look at its settings");
    }
}
