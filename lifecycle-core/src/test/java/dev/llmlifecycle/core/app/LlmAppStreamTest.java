package dev.llmlifecycle.core.app;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.Stream;

import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.llmlifecycle.api.Seeds;
import dev.llmlifecycle.api.app.Answer;
import dev.llmlifecycle.api.app.AnswerEvent;
import dev.llmlifecycle.api.app.Outcome;
import dev.llmlifecycle.api.app.Question;
import dev.llmlifecycle.api.app.Route;
import dev.llmlifecycle.api.retrieval.Citation;
import dev.llmlifecycle.api.validation.ValidationOutcome;
import dev.llmlifecycle.api.validation.Validator;
import dev.llmlifecycle.core.validation.content.GroundednessValidator;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

@NullMarked
@Timeout(600)
class LlmAppStreamTest {

    private static final String ANSWER =
            "It takes 14 days [1]. Returns are free [2].\n\n- one e.g. this\n- two \ud83d\ude00";

    private final RecordedEvents events = new RecordedEvents();

    private static LlmApp.Builder app(StreamingChatModel model) {
        return LlmApp.builder()
                .streamingModel(ScriptedModel.IDENTITY, model)
                .retriever(Given.retriever(Given.REFUNDS, Given.RETURNS));
    }

    private Answer stream(LlmApp.Builder builder) {
        return stream(builder, events);
    }

    private static Answer stream(LlmApp.Builder builder, Consumer<AnswerEvent> listener) {
        try (LlmApp app = builder.build()) {
            return app.stream(Question.of("How long?"), listener).completion().join();
        }
    }

    static Stream<Named<SplittableRandom>> seeds() {
        return Seeds.some().limit(40);
    }

    @Nested
    class TheTexts {

        @ParameterizedTest
        @MethodSource("dev.llmlifecycle.core.app.LlmAppStreamTest#seeds")
        void addUpToTheAnswerHoweverThePiecesAreCut(SplittableRandom random) {
            String text = Seeds.text(
                    random,
                    40,
                    "It takes 14 days",
                    ". ",
                    "! ",
                    "\n\n",
                    "\n- ",
                    " [1]",
                    "[1",
                    ", 2]",
                    "]",
                    " e.g. ",
                    "Dr. Who ",
                    "3.14",
                    "```\ncode. more\n```\n",
                    "\ud83d\ude00",
                    "。",
                    "  ",
                    "| a | b |\n",
                    "x",
                    "The documents do not answer this.");
            text = text.isBlank() ? "x" : text;
            List<String> pieces = ScriptedStream.cut(text, random, 1 + random.nextInt(30));
            LlmApp.Builder builder = app(ScriptedStream.of(pieces));
            if (random.nextBoolean()) {
                builder.outputValidator(Given.rewriting("sentence", Validator.Scope.SENTENCE, one -> one));
            }
            if (random.nextBoolean()) {
                builder.outputValidator(Given.rewriting(
                        "shout", Validator.Scope.SENTENCE, one -> one.contains("14") ? one.replace("14", "15") : one));
            }
            if (random.nextBoolean()) {
                builder.outputValidator(Given.rewriting(
                        "whole", Validator.Scope.ANSWER, all -> random.nextBoolean() ? all : all + "!"));
            }

            Answer answer = stream(builder);

            assertThat(events.text()).isEqualTo(answer.text());
            assertThat(events.answer()).isEqualTo(answer);
            assertThat(answer.outcome()).isInstanceOfAny(Outcome.Answered.class, Outcome.Abstained.class);
            assertCitationsAreAnnounced(answer);
        }

        @ParameterizedTest
        @MethodSource("dev.llmlifecycle.core.app.LlmAppStreamTest#seeds")
        void areTheModelsOwnWhereNobodyObjects(SplittableRandom random) {
            Answer answer = stream(app(ScriptedStream.of(ScriptedStream.cut(ANSWER, random, 5)))
                    .outputValidator(Given.rewriting("sentence", Validator.Scope.SENTENCE, one -> one)));

            assertThat(answer.text()).isEqualTo(ANSWER);
            assertThat(events.text()).isEqualTo(ANSWER);
            assertThat(events.of(AnswerEvent.Retracted.class)).isEmpty();
            assertThat(events.of(AnswerEvent.Cited.class))
                    .extracting(cited -> cited.citation().number())
                    .containsExactly(1, 2);
        }

        private void assertCitationsAreAnnounced(Answer answer) {
            if (!answer.isAnswered()) {
                return;
            }
            List<Citation> announced = new ArrayList<>();
            for (AnswerEvent event : events.all) {
                if (event instanceof AnswerEvent.Retracted) {
                    announced.clear();
                } else if (event instanceof AnswerEvent.Cited cited) {
                    announced.add(cited.citation());
                }
            }
            assertThat(announced).containsExactlyInAnyOrderElementsOf(answer.citations());
        }

        @Test
        void goOutPieceByPieceWithoutValidators() {
            stream(app(ScriptedStream.of(List.of("It ", "takes", " 14 days."))));

            assertThat(events.of(AnswerEvent.Text.class))
                    .containsExactly(
                            new AnswerEvent.Text("It "),
                            new AnswerEvent.Text("takes"),
                            new AnswerEvent.Text(" 14 days."));
        }

        @Test
        void areShownForEveryOutcomeButAFailure() {
            StreamingChatModel model = ScriptedStream.of(List.of("You fool."));

            Answer canned = stream(app(model).router(Given.router(question -> new Route.Canned("Nine."))));
            assertThat(events.text()).isEqualTo("Nine.").isEqualTo(canned.text());

            RecordedEvents blocked = new RecordedEvents();
            stream(
                    app(model)
                            .outputValidator(Given.validator(
                                    "tone", Validator.Scope.ANSWER, text -> Given.block("tone", "Withheld."))),
                    blocked);
            assertThat(blocked.all.subList(0, 4))
                    .containsExactly(
                            new AnswerEvent.Text("You fool."),
                            new AnswerEvent.Found(Given.finding("tone")),
                            new AnswerEvent.Retracted("the answer is withheld"),
                            new AnswerEvent.Text("Withheld."));

            RecordedEvents abstained = new RecordedEvents();
            stream(
                    LlmApp.builder()
                            .streamingModel(ScriptedModel.IDENTITY, model)
                            .retriever(Given.retriever()),
                    abstained);
            assertThat(abstained.text()).isEqualTo(LlmApp.DEFAULT_ABSTENTION);

            RecordedEvents failed = new RecordedEvents();
            stream(
                    app(new ScriptedStream(handler -> {
                        handler.onPartialResponse("Half an");
                        handler.onError(new RateLimitException("slow down"));
                    })),
                    failed);
            assertThat(failed.text()).isEqualTo("Half an");
            assertThat(failed.answer().text())
                    .isEqualTo("The endpoint limits the rate; wait, or ask for a higher limit");
        }

        @Test
        void comeInOnePieceFromAModelThatDoesNotStream() {
            Answer answer = stream(Given.app(ScriptedModel.saying("All at once.")));

            assertThat(events.all)
                    .containsExactly(new AnswerEvent.Text("All at once."), new AnswerEvent.Completed(answer));
        }

        @Test
        void areTheCompleteResponseWhereItDiffersFromThePieces() {
            Answer answer = stream(app(new ScriptedStream(handler -> {
                handler.onPartialResponse(" It takes");
                handler.onCompleteResponse(ScriptedModel.response("It takes long."));
            })));

            assertThat(answer.text()).isEqualTo("It takes long.");
            assertThat(events.of(AnswerEvent.Retracted.class))
                    .containsExactly(new AnswerEvent.Retracted("the answer was revised"));
            assertThat(events.text()).isEqualTo("It takes long.");
        }
    }

    @Nested
    class Sentences {

        @Test
        void waitForTheirValidatorAndTheirEnd() {
            List<String> judged = new ArrayList<>();
            stream(app(ScriptedStream.of(List.of("One is", " here. Two", " is there. Th", "ree")))
                    .outputValidator(Given.rewriting("look", Validator.Scope.SENTENCE, text -> {
                        judged.add(text);
                        return text;
                    })));

            assertThat(judged).containsExactly("One is here.", "Two is there.", "Three");
            assertThat(String.join(
                            "|",
                            events.of(AnswerEvent.Text.class).stream()
                                    .map(AnswerEvent.Text::text)
                                    .toList()))
                    .isEqualTo("One is here.| |Two is there.| |Three");
        }

        @Test
        void thatAreRefusedNeverGoOutAndWhatWasSentIsRetracted() {
            List<List<String>> attempts = new ArrayList<>(List.of(
                    List.of("Refunds are paid within 14 days. ", "Unicorns deliver purple bananas. ", "More."),
                    List.of("Refunds are paid within 14 days [1].")));

            Answer answer = stream(app(new ScriptedStream(handler -> ScriptedStream.send(attempts.remove(0), handler)))
                    .outputValidator(GroundednessValidator.builder().build()));

            assertThat(answer.text()).isEqualTo("Refunds are paid within 14 days [1].");
            assertThat(events.text()).isEqualTo(answer.text());
            assertThat(events.of(AnswerEvent.Retracted.class))
                    .containsExactly(new AnswerEvent.Retracted("the answer is improved"));
            assertThat(events.of(AnswerEvent.Text.class))
                    .extracting(AnswerEvent.Text::text)
                    .noneMatch(text -> text.contains("Unicorns") || text.contains("More"));
            assertThat(events.of(AnswerEvent.Found.class))
                    .extracting(found -> found.finding().code())
                    .containsExactly("ungrounded-sentence");
        }

        @Test
        void thatAreRewrittenGoOutAsRewritten() {
            Answer answer = stream(app(ScriptedStream.of(List.of("Call 555-1234 now. ", "Or write.")))
                    .outputValidator(Given.rewriting(
                            "phone", Validator.Scope.SENTENCE, text -> text.replaceAll("\\d{3}-\\d{4}", "(removed)"))));

            assertThat(answer.text()).isEqualTo("Call (removed) now. Or write.");
            assertThat(events.text()).isEqualTo(answer.text());
            assertThat(events.of(AnswerEvent.Retracted.class)).isEmpty();
        }

        @Test
        void ofAnAbstentionAreNotJudgedOneByOne() {
            Answer answer = stream(app(ScriptedStream.of(List.of("No id", "ea. As", "k a person", ".")))
                    .abstention("No idea. Ask a person.")
                    .outputValidator(Given.validator(
                            "strict", Validator.Scope.SENTENCE, text -> Given.block("strict", "No such sentence"))));

            assertThat(answer.outcome()).isEqualTo(new Outcome.Abstained("No idea. Ask a person."));
        }

        @Test
        void ofAMegabyteInSmallPiecesTakeNoSquareOfTheTime() {
            List<String> texts = List.of(
                    "Refunds are paid within 14 days [1]. ".repeat(30_000),
                    "天地玄黄宇宙洪荒".repeat(70_000),
                    "3.14,".repeat(200_000),
                    "[1][".repeat(250_000),
                    "]".repeat(500_000),
                    "a. ".repeat(300_000));
            for (String text : texts) {
                StringBuilder shown = new StringBuilder();
                List<String> pieces = ScriptedStream.cut(text, new SplittableRandom(7), 8);
                assertTimeout(Duration.ofSeconds(60), () -> {
                    Answer answer = stream(
                            app(ScriptedStream.of(pieces))
                                    .outputValidator(Given.rewriting("any", Validator.Scope.SENTENCE, one -> one)),
                            event -> shown.append(event instanceof AnswerEvent.Text more ? more.text() : ""));
                    assertThat(answer.text()).isEqualTo(text);
                    assertThat(shown.toString()).isEqualTo(text);
                });
            }
        }

        @Test
        void ofAMegabyteAreCheckedAgainstThePassagesInTime() {
            String text = "Refunds are paid within 14 days [1]. ".repeat(30_000);
            String passage = "Refunds are paid within 14 days of the return. ".repeat(500);
            List<String> pieces = ScriptedStream.cut(text, new SplittableRandom(7), 8);

            assertTimeout(Duration.ofSeconds(60), () -> {
                Answer answer = stream(
                        LlmApp.builder()
                                .streamingModel(ScriptedModel.IDENTITY, ScriptedStream.of(pieces))
                                .retriever(Given.retriever(Given.passage("p", passage)))
                                .outputValidator(GroundednessValidator.builder().build()),
                        event -> {});
                assertThat(answer.text()).isEqualTo(text);
            });
        }
    }

    @Nested
    class ValidatorsOfAnswers {

        @Test
        void retractWhatTheyRewrite() {
            Answer answer = stream(app(ScriptedStream.of(List.of("It takes ", "14 days [1].")))
                    .outputValidator(Given.rewriting(
                            "disclaimer", Validator.Scope.ANSWER, text -> text + " No legal advice [1].")));

            assertThat(events.all)
                    .containsExactly(
                            new AnswerEvent.Text("It takes "),
                            new AnswerEvent.Text("14 days [1]."),
                            new AnswerEvent.Cited(new Citation(1, "refunds#1", "refunds.md")),
                            new AnswerEvent.Found(Given.finding("disclaimer")),
                            new AnswerEvent.Retracted("the answer was revised"),
                            new AnswerEvent.Text("It takes 14 days [1]. No legal advice [1]."),
                            new AnswerEvent.Cited(new Citation(1, "refunds#1", "refunds.md")),
                            new AnswerEvent.Completed(answer));
        }

        @Test
        void seeWhatTheValidatorsOfSentencesLeft() {
            List<String> seen = Collections.synchronizedList(new ArrayList<>());

            stream(app(ScriptedStream.of(List.of("one. ", "Two.")))
                    .outputValidator(Given.validator("look", Validator.Scope.ANSWER, text -> {
                        seen.add(text);
                        return ValidationOutcome.pass();
                    }))
                    .outputValidator(
                            Given.rewriting("upper", Validator.Scope.SENTENCE, text -> text.replace("o", "0"))));

            assertThat(seen).containsExactly("0ne. Tw0.");
        }
    }

    @Nested
    class TheModel {

        @Test
        void mayCallBackBeforeItReturns() {
            List<String> pieces = Collections.nCopies(5_000, "word ");

            assertThat(stream(app(ScriptedStream.onCallingThread(pieces))).text())
                    .isEqualTo("word ".repeat(5_000));
        }

        @Test
        void servesPlainQuestionsWhereItIsTheOnlyOne() {
            try (LlmApp app = app(ScriptedStream.of(List.of("Fi", "ne."))).build()) {
                assertThat(app.ask("Hi").text()).isEqualTo("Fine.");
            }
        }

        @Test
        void isThePlainOneForAPlainQuestion() {
            try (LlmApp app = app(ScriptedStream.of(List.of("streamed")))
                    .model(ScriptedModel.IDENTITY, ScriptedModel.saying("plain"))
                    .build()) {
                assertThat(app.ask("Hi").text()).isEqualTo("plain");
                assertThat(app.stream(Question.of("Hi"), events)
                                .completion()
                                .join()
                                .text())
                        .isEqualTo("streamed");
            }
        }

        @Test
        void thatFailsWithACheckedExceptionIsLookedThrough() {
            Answer unreachable = stream(app(new ScriptedStream(
                    handler -> handler.onError(new IOException("x", new java.net.ConnectException("refused"))))));
            Answer unknown = stream(app(new ScriptedStream(handler -> handler.onError(new IOException("secret")))));
            Answer error = stream(app(new ScriptedStream(handler -> handler.onError(new AssertionError("secret")))));

            assertThat(unreachable.text())
                    .isEqualTo("The endpoint cannot be reached; check its base URL and that it is running");
            assertThat(unknown.text())
                    .startsWith("The step 'model' failed with ")
                    .doesNotContain("secret");
            assertThat(error.text()).startsWith("The step 'model' failed with ").doesNotContain("secret");
        }
    }

    @Nested
    class TheListener {

        @Test
        void thatThrowsMissesNothingElse() {
            List<AnswerEvent> heard = new ArrayList<>();

            Answer answer = stream(app(ScriptedStream.of(List.of("One. ", "Two."))), event -> {
                heard.add(event);
                throw new IllegalStateException("a broken connection");
            });

            assertThat(answer.isAnswered()).isTrue();
            assertThat(heard)
                    .containsExactly(
                            new AnswerEvent.Text("One. "),
                            new AnswerEvent.Text("Two."),
                            new AnswerEvent.Completed(answer));
        }

        @Test
        void thatThrowsAnErrorStillGetsTheCompletion() {
            List<AnswerEvent> heard = new ArrayList<>();

            Answer answer =
                    stream(app(ScriptedStream.of(List.of("One. ", "Two."))).executor(quietly()), event -> {
                        heard.add(event);
                        throw new AssertionError("a test's own");
                    });

            assertThat(answer.outcome()).isInstanceOf(Outcome.Failed.class);
            assertThat(heard).hasSize(2).last().isEqualTo(new AnswerEvent.Completed(answer));
        }

        /** An executor whose threads die of an error without printing it. */
        private java.util.concurrent.Executor quietly() {
            return work -> {
                Thread thread = new Thread(work, "quiet");
                thread.setUncaughtExceptionHandler(
                        (died, error) -> assertThat(error).isInstanceOf(AssertionError.class));
                thread.start();
            };
        }
    }
}
