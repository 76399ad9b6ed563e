package dev.llmlifecycle.core.app;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.memory.ChatMemory;
import dev.llmlifecycle.api.app.Answer;
import dev.llmlifecycle.api.app.Outcome;
import dev.llmlifecycle.api.app.Question;
import dev.llmlifecycle.api.app.QuestionRewriter;
import dev.llmlifecycle.api.app.Route;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.monitoring.Interaction;
import dev.llmlifecycle.api.monitoring.Step;
import dev.llmlifecycle.api.validation.Validator;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

@NullMarked
@Timeout(60)
class LlmAppConversationTest {

    private static final String CARD = "4111-1111";
    private static final Validator REDACTOR =
            Given.rewriting("privacy", Validator.Scope.ANSWER, text -> text.replaceAll("\\d{4}-\\d{4}", "(card)"));

    private final Conversations conversations = new Conversations();
    private final MapAnswerCache cache = new MapAnswerCache();
    private final Given.FakeRetriever retriever = Given.retriever(Given.REFUNDS);
    private final List<Interaction> recorded = new ArrayList<>();

    private Answer ask(LlmApp.Builder builder, String text) {
        try (LlmApp app = builder.build()) {
            return app.ask(Question.builder(text).conversationId("c1").build());
        }
    }

    private LlmApp.Builder app(ScriptedModel model) {
        return Given.app(model)
                .memory(conversations::memory)
                .retriever(retriever)
                .answerCache(cache)
                .interactions(recorded::add);
    }

    private List<ChatMessage> remembered() {
        return conversations.memory("c1").messages();
    }

    private static QuestionRewriter rewriter(BiFunction<Question, List<ChatMessage>, String> rewrite) {
        return new QuestionRewriter() {
            @Override
            public String rewrite(Question question, List<ChatMessage> history) {
                return rewrite.apply(question, history);
            }

            @Override
            public Identity identity() {
                return Identity.of("rewriter", "1");
            }
        };
    }

    @Nested
    class Memory {

        @Test
        void holdsWhatWasSaidForTheNextQuestion() {
            ScriptedModel model = ScriptedModel.saying("14 days [1].", "Yes [1].");
            LlmApp.Builder builder = app(model);

            ask(builder, "How long?");
            ask(builder, "Really?");

            assertThat(ScriptedModel.texts(model.requests.get(1)))
                    .hasSize(4)
                    .endsWith("How long?", "14 days [1].", "Really?");
            assertThat(remembered())
                    .containsExactly(
                            UserMessage.from("How long?"),
                            AiMessage.from("14 days [1]."),
                            UserMessage.from("Really?"),
                            AiMessage.from("Yes [1]."));
        }

        @Test
        void isOneForEachConversation() {
            ScriptedModel model = ScriptedModel.saying("14 days [1].");
            LlmApp.Builder builder = app(model);

            ask(builder, "How long?");
            try (LlmApp app = builder.build()) {
                app.ask(Question.builder("Two?").conversationId("c2").build());
                app.ask("None?");
            }

            assertThat(model.requests)
                    .extracting(request -> request.messages().size())
                    .containsExactly(2, 2, 2);
            assertThat(remembered()).hasSize(2);
        }

        @Test
        void holdsCannedAnswersAndAbstentionsButNoRefusals() {
            LlmApp.Builder builder = app(ScriptedModel.saying("Bad."))
                    .router(Given.router(question -> question.text().equals("open?")
                            ? new Route.Canned("At nine.")
                            : question.text().equals("weather?") ? new Route.OutOfScope("Not me.") : new Route.Main()))
                    .outputValidator(
                            Given.validator("tone", Validator.Scope.ANSWER, text -> Given.block("tone", "Withheld.")));

            ask(builder, "open?");
            ask(builder, "weather?");
            ask(builder, "bad?");

            assertThat(remembered()).containsExactly(UserMessage.from("open?"), AiMessage.from("At nine."));
            ask(app(ScriptedModel.saying(LlmApp.DEFAULT_ABSTENTION)), "unknown?");
            assertThat(remembered()).hasSize(4).last().isEqualTo(AiMessage.from(LlmApp.DEFAULT_ABSTENTION));
        }

        @Test
        void thatFailsToKeepTheAnswerDoesNotTakeItAway() {
            ChatMemory full = new ChatMemory() {
                @Override
                public Object id() {
                    return "c1";
                }

                @Override
                public void add(ChatMessage message) {
                    throw new IllegalStateException("disk full");
                }

                @Override
                public List<ChatMessage> messages() {
                    return List.of();
                }

                @Override
                public void clear() {}
            };

            Answer answer = ask(Given.app(ScriptedModel.saying("Fine.")).memory(id -> full), "Hi");

            assertThat(answer.isAnswered()).isTrue();
            assertThat(answer.interaction().steps())
                    .last()
                    .satisfies(step -> assertThat(step.type()).isEqualTo(Step.REMEMBER))
                    .satisfies(step -> assertThat(step.attributes()).containsEntry("error", "IllegalStateException"));
        }
    }

    @Nested
    class FollowUps {

        private final ScriptedModel model = ScriptedModel.saying("14 days [1].");

        private LlmApp.Builder rewriting() {
            return app(model)
                    .rewriter(rewriter((question, history) ->
                            "How long for business customers after " + history.size() + " messages?"));
        }

        @Test
        void areRewrittenBeforeAnythingElseSeesThem() {
            ask(rewriting(), "How long?");

            Answer answer = ask(rewriting(), "And for business?");

            String standalone = "How long for business customers after 2 messages?";
            assertThat(answer.interaction().question()).isEqualTo("And for business?");
            assertThat(answer.interaction().standaloneQuestion()).contains(standalone);
            assertThat(retriever.requests())
                    .last()
                    .satisfies(request -> assertThat(request.text()).isEqualTo(standalone));
            assertThat(ScriptedModel.texts(model.requests.get(1))).last().isEqualTo(standalone);
            assertThat(remembered()).contains(UserMessage.from(standalone));
        }

        @Test
        void onlyAreWhatComesAfterSomething() {
            conversations.memory("c1").add(SystemMessage.from("Be kind."));

            Answer answer = ask(rewriting(), "How long?");

            assertThat(answer.interaction().standaloneQuestion()).isEmpty();
            assertThat(answer.interaction().steps().get(1).attributes()).containsOnlyKeys("messages");
        }

        @Test
        void thatStandAloneStayAsTheyAre() {
            LlmApp.Builder builder = app(model).rewriter(rewriter((question, history) -> question.text()));
            ask(builder, "How long?");

            Answer answer = ask(builder, "How long is a refund?");

            assertThat(answer.interaction().standaloneQuestion()).isEmpty();
            assertThat(answer.interaction().steps().get(1).attributes()).containsEntry("rewritten", "false");
        }

        @Test
        void thatCannotBeRewrittenFail() {
            LlmApp.Builder builder = app(model).rewriter(rewriter((question, history) -> " "));
            ask(builder, "How long?");

            assertThat(ask(builder, "And?").outcome())
                    .isInstanceOfSatisfying(
                            Outcome.Failed.class,
                            failed -> assertThat(failed.step()).isEqualTo(Step.CONVERSATION));
        }
    }

    @Nested
    class Redaction {

        private final ScriptedModel model = ScriptedModel.saying("14 days [1].");

        private void assertNoTraceOf(String secret) {
            assertThat(recorded).isNotEmpty();
            for (Interaction interaction : recorded) {
                assertThat(interaction.question()).doesNotContain(secret);
                assertThat(interaction.standaloneQuestion().orElse("")).doesNotContain(secret);
                assertThat(interaction.answer()).doesNotContain(secret);
                assertThat(interaction.steps().toString()).doesNotContain(secret);
            }
            assertThat(remembered().toString()).doesNotContain(secret);
            assertThat(retriever.requests().toString()).doesNotContain(secret);
            assertThat(cache.answers.toString()).doesNotContain(secret);
            assertThat(model.requests.toString()).doesNotContain(secret);
        }

        @Test
        void reachesEverythingThatKeepsOrSendsTheQuestion() {
            Answer answer = ask(app(model).inputValidator(REDACTOR), "Refund to " + CARD + "?");

            assertThat(answer.interaction().question()).isEqualTo("Refund to (card)?");
            assertThat(answer.interaction().standaloneQuestion()).isEmpty();
            assertThat(answer.findings()).containsExactly(Given.finding("privacy"));
            assertThat(remembered()).first().isEqualTo(UserMessage.from("Refund to (card)?"));
            assertNoTraceOf(CARD);
        }

        @Test
        void coversWhatTheRewriterLeftOutOrTookOver() {
            LlmApp.Builder takesOver = app(model)
                    .inputValidator(REDACTOR)
                    .rewriter(rewriter((question, history) -> "Standing alone: " + question.text()));
            ask(takesOver, "Hi");
            Answer over = ask(takesOver, "And to " + CARD + "?");
            LlmApp.Builder leavesOut = app(model)
                    .inputValidator(REDACTOR)
                    .rewriter(rewriter((question, history) -> "How long for business?"));
            Answer out = ask(leavesOut, "It is " + CARD + ", and for business?");

            assertThat(over.interaction().question()).isEqualTo("Standing alone: And to (card)?");
            assertThat(out.interaction().question()).isEqualTo("How long for business?");
            assertNoTraceOf(CARD);
        }

        @Test
        void holdsWhenALaterValidatorBlocksOrFails() {
            Answer blocked = ask(
                    app(model)
                            .inputValidator(REDACTOR)
                            .inputValidator(Given.validator(
                                    "gate", Validator.Scope.ANSWER, text -> Given.block("gate", "Not that."))),
                    "Refund to " + CARD + "?");
            Answer failed = ask(
                    app(model)
                            .inputValidator(Given.validator("broken", Validator.Scope.ANSWER, text -> {
                                throw new IllegalStateException(text);
                            }))
                            .inputValidator(REDACTOR),
                    "Refund to " + CARD + "?");

            assertThat(blocked.interaction().question()).isEqualTo("Refund to (card)?");
            assertThat(failed.interaction().question()).isEqualTo("(withheld: the input validators did not finish)");
            assertNoTraceOf(CARD);
        }

        @Test
        void holdsWhenTheQuestionNeverComesToItsValidators() {
            try (LlmApp app = app(model)
                    .inputValidator(REDACTOR)
                    .executor(work -> {
                        throw new java.util.concurrent.RejectedExecutionException();
                    })
                    .build()) {
                app.ask("Refund to " + CARD + "?");
            }

            assertNoTraceOf(CARD);
        }

        @Test
        void isInTheOrderOfTheValidators() {
            Answer answer = ask(
                    app(model)
                            .inputValidator(REDACTOR)
                            .inputValidator(Given.rewriting(
                                    "tidy", Validator.Scope.ANSWER, text -> text.replace("(card)", "it"))),
                    "Refund to " + CARD + "?");

            assertThat(answer.interaction().question()).isEqualTo("Refund to it?");
            assertThat(answer.interaction().steps())
                    .filteredOn(step -> step.type().equals(Step.INPUT_VALIDATION))
                    .singleElement()
                    .satisfies(step -> assertThat(step.attributes()).containsEntry("rewrittenBy", "tidy"));
        }
    }
}
