package dev.llmlifecycle.core.app;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import dev.langchain4j.memory.ChatMemory;
import dev.langchain4j.memory.chat.MessageWindowChatMemory;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.llmlifecycle.api.app.Answer;
import dev.llmlifecycle.api.app.AnswerEvent;
import dev.llmlifecycle.api.app.AnswerStream;
import dev.llmlifecycle.api.app.Outcome;
import dev.llmlifecycle.api.app.Question;
import dev.llmlifecycle.api.app.TokenPrices;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.monitoring.Interaction;
import dev.llmlifecycle.api.release.Release;
import dev.llmlifecycle.api.release.ReleaseStore;
import dev.llmlifecycle.api.retrieval.Retriever;
import dev.llmlifecycle.api.validation.Finding;
import dev.llmlifecycle.api.validation.ValidationOutcome;
import dev.llmlifecycle.api.validation.Validator;
import dev.llmlifecycle.core.prompt.InMemoryPromptRegistry;
import dev.llmlifecycle.core.release.Deployments;
import dev.llmlifecycle.core.release.InMemoryReleaseStore;
import dev.llmlifecycle.core.validation.content.GroundednessValidator;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/** The snippets of docs/application.md. */
@NullMarked
@Timeout(60)
class ApplicationPageTest {

    private static final String ANSWER = "Refunds are paid within 14 days [1].";

    private final ChatModel chatModel = ScriptedModel.saying(ANSWER);
    private final StreamingChatModel streamingModel =
            ScriptedStream.of(List.of("Refunds are paid ", "within 14 days [1]."));
    private final Retriever retriever = Given.retriever(Given.REFUNDS);
    private final List<String> shown = new ArrayList<>();

    private void show(String text) {
        shown.add(text);
    }

    private void clear() {
        shown.clear();
    }

    @Test
    void asksAndLooksAtTheOutcome() {
        // docs:begin ask
        Identity gpt = Identity.of("gpt-4o-mini", "2024-07-18", Map.of("seed", 7));
        try (LlmApp app = LlmApp.builder()
                .model(gpt, chatModel)
                .retriever(retriever)
                .outputValidator(GroundednessValidator.builder().build())
                .build()) {
            Answer answer = app.ask("How long does a refund take?");
            show(answer.text() + " " + answer.citations());
        }
        // docs:end ask
        assertThat(shown).containsExactly(ANSWER + " [Citation[number=1, passageId=refunds#1, source=refunds.md]]");
    }

    @Test
    void tellsOutcomesApart() {
        Map<Outcome, String> reactions = new HashMap<>();
        for (Outcome outcome : List.of(
                new Outcome.Answered("14 days"),
                new Outcome.Failed("model", "The endpoint failed", Optional.empty()),
                new Outcome.HandedOver("A colleague will write", "billing"))) {
            // docs:begin outcomes
            String reaction = switch (outcome.kind()) {
                case ANSWERED -> "show it with its sources";
                case ABSTAINED, OUT_OF_SCOPE -> "say so, and offer the search page";
                case ASKED_BACK -> "show it, and send what the user replies with the same conversation id";
                case BLOCKED -> "say so; the findings tell why";
                case HANDED_OVER -> "open a ticket";
                case FAILED -> "apologise, offer to try again, and call the operator";
            };
            // docs:end outcomes
            reactions.put(outcome, reaction);
        }
        assertThat(reactions).hasSize(3).containsValue("open a ticket");
    }

    @Test
    void streams() {
        Identity gpt = Identity.of("gpt-4o-mini", "2024-07-18");
        try (LlmApp app = LlmApp.builder()
                .streamingModel(gpt, streamingModel)
                .retriever(retriever)
                .build()) {
            Question question = Question.of("How long does a refund take?");
            // docs:begin stream
            AnswerStream stream = app.stream(question, event -> {
                if (event instanceof AnswerEvent.Text text) {
                    show(text.text());
                } else if (event instanceof AnswerEvent.Retracted) {
                    clear();
                } else if (event instanceof AnswerEvent.Completed completed) {
                    show(" (" + completed.answer().outcome().label() + ")");
                }
            });
            Answer answer = stream.completion().join(); // or stream.cancel() when the user leaves
            // docs:end stream
            assertThat(String.join("", shown)).isEqualTo(ANSWER + " (answered)");
            assertThat(answer.isAnswered()).isTrue();
        }
    }

    @Test
    void keepsDeadlinesAndConversations() {
        Identity gpt = Identity.of("gpt-4o-mini", "2024-07-18");
        ExecutorService executor = Executors.newCachedThreadPool();
        List<Interaction> log = new ArrayList<>();
        // docs:begin options
        Map<String, ChatMemory> memories = new HashMap<>(); // yours to bound and to keep
        LlmApp app = LlmApp.builder()
                .model(gpt, chatModel)
                .retriever(retriever)
                .memory(id -> memories.computeIfAbsent(id, key -> MessageWindowChatMemory.withMaxMessages(20)))
                .prices(new TokenPrices(new BigDecimal("0.15"), new BigDecimal("0.60")))
                .timeout(Duration.ofSeconds(20))
                .executor(executor)
                .interactions(log::add)
                .build();

        Answer answer = app.ask(Question.builder("How long does a refund take?")
                .conversationId("conversation-17")
                .user("user-4")
                .deadline(Instant.now().plusSeconds(5))
                .build());
        // docs:end options
        app.close();
        executor.shutdown();
        assertThat(answer.text()).isEqualTo(ANSWER);
        assertThat(answer.cost()).isPresent();
        assertThat(memories).containsOnlyKeys("conversation-17");
        assertThat(log).containsExactly(answer.interaction());
    }

    @Test
    void redactsAndRefuses() {
        // docs:begin validators
        Validator cards = Validator.of(Identity.of("cards", "1"), (text, context) -> {
            String redacted = text.replaceAll("\\d{4}( \\d{4}){3}", "(card)");
            return redacted.equals(text)
                    ? ValidationOutcome.pass()
                    : new ValidationOutcome.Rewrite(
                            redacted,
                            List.of(new Finding(
                                    "cards",
                                    "card-number",
                                    Finding.Severity.WARNING,
                                    "The question held a card number",
                                    Optional.empty())));
        });
        LlmApp app = LlmApp.builder()
                .model(Identity.of("gpt-4o-mini", "2024-07-18"), chatModel)
                .inputValidator(cards)
                .outputValidator(GroundednessValidator.builder().build())
                .maxAttempts(3)
                .fallback("I am not sure. Please write to us.")
                .build();
        // docs:end validators
        try (app) {
            Answer answer = app.ask("Refund to 4111 1111 1111 1111?");
            assertThat(answer.interaction().question()).isEqualTo("Refund to (card)?");
            assertThat(answer.findings()).first().extracting(Finding::code).isEqualTo("card-number");
        }
    }

    @Test
    void followsADeploymentLabel() {
        Identity gpt = Identity.of("gpt-4o-mini", "2024-07-18");
        // docs:begin deployment
        InMemoryPromptRegistry prompts = InMemoryPromptRegistry.builder().build();
        prompts.register(LlmApp.defaultPrompt(), "ada", "start from the default");
        ReleaseStore releases = new InMemoryReleaseStore();
        Deployments deployments = Deployments.builder(releases).build();

        Release release;
        try (LlmApp draft = LlmApp.builder()
                .model(gpt, chatModel)
                .retriever(retriever)
                .prompt(prompts.find("grounded-answer", 1).orElseThrow())
                .build()) {
            release = draft.release(); // describes the parts it was given
        }
        deployments.promote("production", release, "ada", "first release");

        LlmApp app = LlmApp.builder()
                .model(gpt, chatModel)
                .retriever(retriever)
                .deployment("production", releases, prompts)
                .build();
        // docs:end deployment
        try (app) {
            assertThat(app.ask("How long?").release()).contains(release.hash());
        }
    }
}
