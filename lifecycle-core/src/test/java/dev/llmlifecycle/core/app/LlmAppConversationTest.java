package dev.llmlifecycle.core.app;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
import dev.llmlifecycle.api.app.Rewriting;
import dev.llmlifecycle.api.app.Route;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.monitoring.Interaction;
import dev.llmlifecycle.api.monitoring.Step;
import dev.llmlifecycle.api.validation.Validator;
import dev.llmlifecycle.core.conversation.ConversationStore;
import dev.llmlifecycle.core.conversation.Conversations;
import dev.llmlifecycle.core.conversation.FollowUpRewriter;
import dev.llmlifecycle.core.conversation.InMemoryConversationStore;
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

    private final Memories memories = new Memories();
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
                .memory(memories::memory)
                .retriever(retriever)
                .answerCache(cache)
                .interactions(recorded::add);
    }

    private List<ChatMessage> remembered() {
        return memories.memory("c1").messages();
    }

    private static QuestionRewriter rewriter(BiFunction<Question, List<ChatMessage>, Rewriting> rewrite) {
        return new QuestionRewriter() {
            @Override
            public Rewriting rewrite(Question question, List<ChatMessage> history) {
                return rewrite.apply(question, history);
            }

            @Override
            public Identity identity() {
                return Identity.of("rewriter", "1");
            }
        };
    }

    /** Rewrites all but the first question of a conversation. */
    private static QuestionRewriter followUps(BiFunction<Question, List<ChatMessage>, String> rewrite) {
        return rewriter((question, history) -> history.isEmpty()
                ? new Rewriting.StandsAlone()
                : new Rewriting.FollowUp(rewrite.apply(question, history)));
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
                    .rewriter(followUps((question, history) ->
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
            memories.memory("c1").add(SystemMessage.from("Be kind."));

            Answer answer = ask(rewriting(), "How long?");

            assertThat(answer.interaction().standaloneQuestion()).isEmpty();
            assertThat(answer.interaction().steps().get(1).attributes())
                    .containsEntry("messages", "0")
                    .containsEntry("rewritten", "false");
        }

        @Test
        void thatStandAloneStayAsTheyAre() {
            LlmApp.Builder builder = app(model).rewriter(rewriter((question, history) -> new Rewriting.StandsAlone()));
            ask(builder, "How long?");

            Answer answer = ask(builder, "How long is a refund?");

            assertThat(answer.interaction().standaloneQuestion()).isEmpty();
            assertThat(answer.interaction().steps().get(1).attributes()).containsEntry("rewritten", "false");
        }

        @Test
        void thatCannotBeRewrittenFail() {
            LlmApp.Builder builder = app(model).rewriter(followUps((question, history) -> " "));
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
                    .rewriter(followUps((question, history) -> "Standing alone: " + question.text()));
            ask(takesOver, "Hi");
            Answer over = ask(takesOver, "And to " + CARD + "?");
            LlmApp.Builder leavesOut = app(model)
                    .inputValidator(REDACTOR)
                    .rewriter(followUps((question, history) -> "How long for business?"));
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
                    .satisfies(step -> assertThat(step.attributes()).containsEntry("rewrittenBy", "privacy, tidy"));
        }
    }

    @Nested
    class KeptConversations {

        private final ConversationStore store =
                InMemoryConversationStore.builder().build();
        private final Conversations conversations = Conversations.builder(store).build();
        private final ScriptedModel model = ScriptedModel.saying("14 days [1].");

        private LlmApp.Builder talking() {
            return Given.app(model)
                    .retriever(retriever)
                    .conversations(conversations)
                    .rewriter(FollowUpRewriter.builder().build())
                    .interactions(recorded::add);
        }

        private Answer ask(String text) {
            try (LlmApp app = talking().build()) {
                return app.ask(
                        Question.builder(text).conversationId("c1").user("ann").build());
            }
        }

        private Map<String, String> turn(Answer answer) {
            return answer.interaction().steps().stream()
                    .filter(step -> step.type().equals(Step.CONVERSATION))
                    .findFirst()
                    .orElseThrow()
                    .attributes();
        }

        @Test
        void leaveARecordOfEveryTurn() {
            Answer first = ask("How long is a refund?");
            Answer followUp = ask("and for business customers?");
            Answer newTopic = ask("Another question: where is my parcel?");

            assertThat(turn(first))
                    .isEqualTo(Map.of(
                            Step.TURN,
                            "1",
                            "messages",
                            "0",
                            Step.REWRITTEN,
                            "false",
                            Step.TOPIC_CHANGED,
                            "false",
                            Step.ASKED_BACK,
                            "false"));
            assertThat(turn(followUp)).containsEntry(Step.TURN, "2").containsEntry(Step.REWRITTEN, "true");
            assertThat(followUp.interaction().standaloneQuestion())
                    .contains("How long is a refund, for business customers?");
            assertThat(turn(newTopic))
                    .containsEntry(Step.TURN, "3")
                    .containsEntry(Step.REWRITTEN, "false")
                    .containsEntry(Step.TOPIC_CHANGED, "true");
        }

        @Test
        void showTheModelNothingOfAnEarlierTopic() {
            ask("How long is a refund?");
            ask("Another question: where is my parcel?");
            ask("and in Norway?");

            assertThat(model.requests)
                    .extracting(request -> request.messages().size())
                    .containsExactly(2, 2, 4);
            assertThat(ScriptedModel.texts(model.requests.get(2)))
                    .contains("Another question: where is my parcel?")
                    .doesNotContain("How long is a refund?");
        }

        @Test
        void askBackAndTakeTheReply() {
            Answer vague = ask("And that?");
            Answer reply = ask("refunds");

            assertThat(vague.outcome())
                    .isEqualTo(new Outcome.AskedBack("I am not sure what you are asking about. Can you name it?"));
            assertThat(vague.isAnswered()).isFalse();
            assertThat(vague.interaction().outcome()).isEqualTo("asked-back");
            assertThat(turn(vague)).containsEntry(Step.ASKED_BACK, "true");
            assertThat(reply.interaction().standaloneQuestion()).contains("And that, refunds?");
            assertThat(turn(reply)).containsEntry(Step.TURN, "2");
            assertThat(model.requests).hasSize(1);
            assertThat(retriever.requests()).hasSize(1);
        }

        @Test
        void askBackInAStreamToo() {
            RecordedEvents events = new RecordedEvents();
            try (LlmApp app = talking().build()) {
                app.stream(Question.builder("And that?").conversationId("c1").build(), events)
                        .completion()
                        .join();
            }

            assertThat(events.text()).isEqualTo(events.answer().text()).startsWith("I am not sure");
        }

        @Test
        void askBackOnlyWhatTheInputValidatorsLeaveThrough() {
            try (LlmApp app = talking()
                    .inputValidator(
                            Given.validator("gate", Validator.Scope.ANSWER, text -> Given.block("gate", "Not that.")))
                    .build()) {
                Answer answer = app.ask(
                        Question.builder("And that?").conversationId("c1").build());

                assertThat(answer.outcome()).isEqualTo(new Outcome.Blocked("Not that.", "gate"));
            }
            assertThat(store.find("c1").orElseThrow().messages()).isEmpty();
        }

        @Test
        void leaveAQuestionOutsideAConversationAlone() {
            try (LlmApp app = talking().build()) {
                assertThat(app.ask("And that?").isAnswered()).isTrue();
            }
        }

        @Test
        void keepNothingOfATurnDuringWhichTheUserWasErased() {
            ask("How long is a refund?");
            model.then(request -> {
                conversations.erase("ann");
                return ScriptedModel.response("Still 14 days [1].");
            });
            ask("and for business customers?");
            Answer during = ask("and in Norway?");

            assertThat(during.isAnswered()).isTrue();
            assertThat(during.interaction().steps())
                    .last()
                    .satisfies(step -> assertThat(step.attributes()).containsEntry("kept", "false"));
            assertThat(store.find("c1")).isEmpty();
        }

        @Test
        void failForAnyoneElse() {
            ask("How long is a refund?");
            try (LlmApp app = talking().build()) {
                Answer stranger = app.ask(Question.builder("and for business customers?")
                        .conversationId("c1")
                        .user("ben")
                        .build());

                assertThat(stranger.outcome())
                        .isInstanceOfSatisfying(
                                Outcome.Failed.class,
                                failed -> assertThat(failed.step()).isEqualTo(Step.CONVERSATION));
            }
        }
    }
}
