package dev.llmlifecycle.core.app;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import dev.langchain4j.data.message.UserMessage;
import dev.llmlifecycle.api.app.Answer;
import dev.llmlifecycle.api.app.AnswerCache;
import dev.llmlifecycle.api.app.Question;
import dev.llmlifecycle.api.app.Route;
import dev.llmlifecycle.api.monitoring.Step;
import dev.llmlifecycle.api.prompt.ChatPromptTemplate;
import dev.llmlifecycle.api.retrieval.ContextCache;
import dev.llmlifecycle.api.validation.ValidationOutcome;
import dev.llmlifecycle.api.validation.Validator;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

@NullMarked
@Timeout(60)
class LlmAppCacheTest {

    private final ScriptedModel model = ScriptedModel.saying("14 days [1].");
    private final MapAnswerCache cache = new MapAnswerCache();

    private LlmApp.Builder app() {
        return Given.app(model).retriever(Given.retriever(Given.REFUNDS)).answerCache(cache);
    }

    private static Answer ask(LlmApp.Builder builder, Question question) {
        try (LlmApp app = builder.build()) {
            return app.ask(question);
        }
    }

    private static Question.Builder question() {
        return Question.builder("How long?");
    }

    @Nested
    class AnswerCaches {

        @Test
        void spareTheModelForTheSameQuestion() {
            Answer first = ask(app(), question().build());
            RecordedEvents events = new RecordedEvents();
            Answer second;
            try (LlmApp app = app().build()) {
                second = app.stream(question().build(), events).completion().join();
            }

            assertThat(model.requests).hasSize(1);
            assertThat(second.text()).isEqualTo(first.text()).isEqualTo(events.text());
            assertThat(second.citations()).isEqualTo(first.citations());
            assertThat(second.interaction().steps())
                    .filteredOn(step -> step.type().equals(Step.ANSWER_CACHE))
                    .singleElement()
                    .satisfies(step -> assertThat(step.attributes()).containsEntry("cacheHit", "true"));
            assertThat(second.interaction().outputTokens()).isZero();
        }

        @Test
        void hitOnlyWhereAllThatDecidedTheAnswerIsTheSame() {
            ask(app(), question().attribute("a", "b=c").build());
            List<LlmApp.Builder> builders = new ArrayList<>();
            List<Question> questions = new ArrayList<>();
            add(builders, questions, app(), question().attribute("a=b", "c").build());
            add(builders, questions, app(), question().attribute("a", "x").build());
            add(builders, questions, app(), question().build());
            add(
                    builders,
                    questions,
                    app(),
                    question().attribute("a", "b=c").tenant("acme").build());
            add(
                    builders,
                    questions,
                    app(),
                    question().attribute("a", "b=c").locale(Locale.GERMAN).build());
            add(
                    builders,
                    questions,
                    app().abstention("Other words."),
                    question().attribute("a", "b=c").build());
            add(
                    builders,
                    questions,
                    Given.app(model)
                            .answerCache(cache)
                            .retriever(Given.retriever(Given.passage("refunds#1", "Refunds are paid within 15 days."))),
                    question().attribute("a", "b=c").build());
            add(
                    builders,
                    questions,
                    Given.app(model)
                            .answerCache(cache)
                            .retriever(Given.retriever(Given.passage("refunds#2", Given.REFUNDS.text()))),
                    question().attribute("a", "b=c").build());

            for (int i = 0; i < builders.size(); i++) {
                ask(builders.get(i), questions.get(i));
                assertThat(model.requests).as("question %s", questions.get(i)).hasSize(i + 2);
            }
            assertThat(cache.answers).hasSize(builders.size() + 1);
        }

        private void add(
                List<LlmApp.Builder> builders, List<Question> questions, LlmApp.Builder builder, Question question) {
            builders.add(builder);
            questions.add(question);
        }

        @Test
        void doNotHitInAnotherConversation() {
            Memories memories = new Memories();
            memories.memory("two").add(UserMessage.from("I mean the kettle"));

            ask(app(), question().build());
            ask(app().memory(memories::memory), question().conversationId("one").build());
            assertThat(model.requests).as("an empty conversation says nothing").hasSize(1);
            ask(app().memory(memories::memory), question().conversationId("two").build());

            assertThat(model.requests).hasSize(2);
        }

        @Test
        void doNotHitAcrossPromptsOfOneRelease() {
            LlmApp.Builder builder = app().prompt(ChatPromptTemplate.builder("one")
                            .user("1 {{question}}")
                            .build())
                    .prompt(ChatPromptTemplate.builder("two")
                            .user("2 {{question}}")
                            .build())
                    .router(Given.router(
                            question -> new Route.ToPrompt(question.user().orElseThrow())));

            ask(builder, question().user("one").build());
            ask(builder, question().user("two").build());
            ask(builder, question().user("one").build());

            assertThat(model.requests).hasSize(2);
        }

        @Test
        void giveAnswersThatAreJudgedLikeAnyOther() {
            ask(app(), question().build());
            AnswerCache.Key key = cache.answers.keySet().iterator().next();
            cache.answers.put(key, "Bad.");
            Validator quality = Given.validator(
                    "quality",
                    Validator.Scope.ANSWER,
                    text -> text.equals("Bad.") ? Given.retry("quality", "Be good") : ValidationOutcome.pass());
            LlmApp.Builder judged = app().outputValidator(quality);
            ask(judged, question().build());
            cache.answers.replaceAll((kept, text) -> "Bad.");

            Answer answer = ask(judged, question().build());

            assertThat(answer.text()).isEqualTo("14 days [1].");
            assertThat(cache.answers.values())
                    .as("what was refused is replaced")
                    .containsExactlyInAnyOrder("Bad.", "14 days [1].");
        }

        @Test
        void keepNoAbstentionsAndNoRefusals() {
            ask(
                    Given.app(ScriptedModel.saying(LlmApp.DEFAULT_ABSTENTION)).answerCache(cache),
                    question().build());
            ask(
                    app().outputValidator(Given.validator(
                            "tone", Validator.Scope.ANSWER, text -> Given.block("tone", "Withheld."))),
                    question().build());

            assertThat(cache.answers).isEmpty();
        }

        @Test
        void thatFailCostTimeAndNoAnswer() {
            AnswerCache broken = new AnswerCache() {
                @Override
                public Lookup find(Request request) {
                    throw new IllegalStateException("no connection");
                }

                @Override
                public void put(Request request, Kept answer) {
                    throw new IllegalStateException("no connection");
                }

                @Override
                public void abandon(Request request) {
                    throw new IllegalStateException("no connection");
                }
            };

            Answer answer = ask(app().answerCache(broken), question().build());

            assertThat(answer.text()).isEqualTo("14 days [1].");
            assertThat(answer.interaction().steps())
                    .filteredOn(step -> step.type().equals(Step.ANSWER_CACHE))
                    .hasSize(2)
                    .allSatisfy(step -> assertThat(step.attributes()).containsEntry("error", "IllegalStateException"));
        }

        @Test
        void hearOfEveryQuestionThatFoundNothingWhetherAnAnswerComesOrNot() {
            List<String> heard = new ArrayList<>();
            AnswerCache listening = new AnswerCache() {
                @Override
                public Lookup find(Request request) {
                    heard.add("find " + request.interactionId());
                    return new Lookup(Optional.empty(), Map.of("similarity", "0.9"));
                }

                @Override
                public void put(Request request, Kept answer) {
                    heard.add("put " + request.interactionId() + " from " + answer.passageIds());
                }

                @Override
                public void abandon(Request request) {
                    heard.add("abandon " + request.interactionId());
                }
            };
            AtomicInteger ids = new AtomicInteger();
            Supplier<String> numbered = () -> "i" + ids.incrementAndGet();
            Answer answer = ask(
                    app().answerCache(listening).interactionIds(numbered),
                    question().build());
            ask(
                    app().answerCache(listening)
                            .interactionIds(numbered)
                            .outputValidator(Given.validator(
                                    "tone", Validator.Scope.ANSWER, text -> Given.block("tone", "Withheld."))),
                    question().build());
            ask(
                    Given.app(ScriptedModel.doing(request -> {
                                throw new IllegalStateException("down");
                            }))
                            .retriever(Given.retriever(Given.REFUNDS))
                            .answerCache(listening)
                            .interactionIds(numbered),
                    question().build());

            assertThat(heard)
                    .containsExactly(
                            "find i1",
                            "put i1 from [" + Given.REFUNDS.id() + "]",
                            "find i2",
                            "abandon i2",
                            "find i3",
                            "abandon i3");
            assertThat(answer.interaction().steps())
                    .filteredOn(step -> step.type().equals(Step.ANSWER_CACHE))
                    .first()
                    .satisfies(step -> assertThat(step.attributes())
                            .containsEntry("similarity", "0.9")
                            .containsEntry("cacheHit", "false"));
        }

        @Test
        void withNothingButSpaceHaveNothing() {
            ask(app(), question().build());
            cache.answers.replaceAll((key, text) -> " ");

            assertThat(ask(app(), question().build()).text()).isEqualTo("14 days [1].");
            assertThat(model.requests).hasSize(2);
        }
    }

    @Test
    void theContextCacheStandsBeforeTheRetriever() {
        Given.FakeRetriever retriever = Given.retriever(Given.REFUNDS);
        ContextCache always = (asked, request) -> new ContextCache.Lookup(asked.retrieve(request), true);

        Answer answer = ask(
                Given.app(model).retriever(retriever).contextCache(always),
                question().build());

        assertThat(retriever.requests()).hasSize(1);
        assertThat(answer.interaction().passages()).containsExactly(Given.REFUNDS);
        assertThat(answer.interaction().steps())
                .filteredOn(step -> step.type().equals(Step.RETRIEVE))
                .singleElement()
                .satisfies(step -> assertThat(step.attributes())
                        .containsEntry("cacheHit", "true")
                        .containsEntry("passages", "1"));
    }
}
