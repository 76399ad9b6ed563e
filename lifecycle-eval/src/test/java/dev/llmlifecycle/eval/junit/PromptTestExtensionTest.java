package dev.llmlifecycle.eval.junit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.TokenUsage;
import dev.llmlifecycle.api.data.Dataset;
import dev.llmlifecycle.api.data.Example;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.core.app.LlmApp;
import dev.llmlifecycle.eval.replay.ReplayMode;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.reporting.ReportEntry;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;

import static dev.llmlifecycle.eval.junit.PromptAssertions.assertThatAnswer;
import static dev.llmlifecycle.eval.junit.PromptAssertions.assertThatPassRate;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

@NullMarked
final class PromptTestExtensionTest {

    private static final Identity MODEL = Identity.of("canned", "1");
    private static final AtomicInteger ASKED = new AtomicInteger();

    @TempDir
    Path folder = Path.of("");

    @BeforeEach
    void tenQuestionsOfWhichTheLastIsAnsweredWrongly() throws IOException {
        ASKED.set(0);
        StringBuilder lines = new StringBuilder();
        for (int i = 1; i <= 10; i++) {
            lines.append("{\"id\": \"q%d\", \"input\": \"Question %d?\", \"expected\": [\"answer %s\"]}%n"
                    .formatted(i, i, i == 10 ? "ten" : i));
        }
        Files.writeString(folder.resolve("ten.jsonl"), lines);
        Files.writeString(folder.resolve("two.jsonl"), """
                {"id": "a", "input": "Question 1?", "expected": ["answer 1"]}
                {"id": "b", "input": "Question 2?", "expected": ["answer 2"]}
                """);
        Files.writeString(folder.resolve("empty.jsonl"), "\n");
    }

    @Test
    void recordsWhatIsMissingAndThenReplaysItWithoutAsking() {
        run(Two.class, "auto")
                .testEvents()
                .assertStatistics(stats -> stats.started(2).succeeded(2));
        assertThat(ASKED).hasValue(2);
        assertThat(folder.resolve("two.cassette.json")).exists();

        EngineExecutionResults replayed = run(Two.class, "replay");
        replayed.testEvents().assertStatistics(stats -> stats.started(2).succeeded(2));
        assertThat(ASKED).hasValue(2);
        assertThat(reports(replayed))
                .containsExactly("Two.answers: 2 of 2 passed (100.0 %, 95 % interval 34.2 to 100.0); 2 calls, 0 live,"
                        + " 20 tokens");

        run(Two.class, "record").testEvents().assertStatistics(stats -> stats.succeeded(2));
        run(Two.class, "live").testEvents().assertStatistics(stats -> stats.succeeded(2));
        assertThat(ASKED).hasValue(6);
    }

    @Test
    void whatWasNotRecordedFailsWithTheDifference() throws IOException {
        run(Two.class, "auto");
        Files.writeString(
                folder.resolve("two.jsonl"),
                "{\"id\": \"a\", \"input\": \"Question one?\", \"expected\": [\"answer 1\"]}\n");
        EngineExecutionResults results = run(Two.class, "replay");

        assertThat(failures(results)).singleElement().asString().contains("now       ", "Question one?");
        assertThat(reports(results)).singleElement().asString().contains("0 of 0 passed, 1 broken");
        assertThat(reports(results)).singleElement().asString().endsWith("that no test has used so far: 2");
    }

    @Test
    void aFailureShowsQuestionExpectedAndGot() {
        EngineExecutionResults results = run(Ten.class, "live");

        results.testEvents().assertStatistics(stats -> stats.succeeded(9).failed(1));
        assertThat(failures(results)).containsExactly("""
                expected an answer that contains "answer ten"
                  question  Question 10?
                  got       answered: This is answer 10.
                  findings  none
                """);
        assertThat(results.testEvents().list().get(0).getTestDescriptor().getDisplayName())
                .isEqualTo("q1: Question 1?");
    }

    @Test
    void aRateThatIsReachedFailsNothingAndLeavesOutWhatCannotChangeIt() {
        EngineExecutionResults results = run(NineOfTen.class, "live");

        results.allEvents().assertStatistics(stats -> stats.failed(0));
        results.testEvents().assertStatistics(stats -> stats.started(9).succeeded(9));
        assertThat(reports(results)).singleElement().asString().contains("9 of 9 passed", ", 1 not run");
    }

    @Test
    void casesThatFailAreAbortedWhereTheRateDecides() {
        EngineExecutionResults results = run(NineOfTenToTheEnd.class, "live");

        results.allEvents().assertStatistics(stats -> stats.failed(0));
        results.testEvents().assertStatistics(stats -> stats.succeeded(9).aborted(1));
    }

    @Test
    void aRateThatCannotBeReachedAnyMoreFailsTheTestAndStops() {
        EngineExecutionResults results = run(Shown.class, "live");

        results.testEvents().assertStatistics(stats -> stats.started(2).aborted(2));
        assertThat(failures(results))
                .containsExactly("expected of ten a pass rate of at least 50.0 % with 95.0 % confidence; 0 of 2 passed"
                        + " (0.0 %), and the other 8 were not run\n  failed  q1 q2");
    }

    @Test
    void aRateThatSoFewCasesCannotShowFailsAtOnce() {
        EngineExecutionResults results = run(TooFew.class, "replay");

        assertThat(failures(results))
                .containsExactly(
                        "expected of two a pass rate of at least 90.0 % with 95.0 % confidence; none of 2 cases"
                                + " was run; it takes 29 cases to show it, if all pass: add examples, or ask for less");
    }

    @Test
    void aLossAgainstTheBaselineFailsTheTestAsAWhole() throws IOException {
        StringBuilder baseline = new StringBuilder();
        for (int i = 1; i <= 10; i++) {
            baseline.append("{\"id\": \"q%d\", \"status\": \"passed\"}%n".formatted(i));
        }
        Files.writeString(folder.resolve("baseline.jsonl"), baseline);
        EngineExecutionResults results = run(Compared.class, "live");
        results.testEvents().assertStatistics(stats -> stats.failed(0));
        assertThat(failures(results))
                .containsExactly("expected of ten a pass rate not worse than the baseline by 30.0 points, with 95.0 %"
                        + " confidence; of 10 pairs 0 were gained and 1 lost, which leaves a loss of 31.7 points"
                        + " possible\n  lost    q10\n  gained  none\n  failed  q10");
        run(ComparedLoosely.class, "live")
                .allEvents()
                .assertStatistics(stats -> stats.failed(0).aborted(1));

        Files.writeString(folder.resolve("baseline.jsonl"), "{\"id\": \"q0\", \"status\": \"passed\"}\n");
        assertThat(failures(run(Compared.class, "live")))
                .singleElement()
                .asString()
                .contains("10 have no result in the baseline (q1 q2", "and 1 have one there only (q0)");
    }

    @Test
    void anAnytimeValidRateStopsOnceItIsShown() {
        EngineExecutionResults results = run(AnytimeValid.class, "live");

        results.allEvents().assertStatistics(stats -> stats.failed(0));
        assertThat(results.testEvents().started().count()).isEqualTo(3);
    }

    @Test
    void parallelCasesAgreeWithCasesInTurn() {
        EngineExecutionResults results = kit(Ten.class, "auto")
                .configurationParameter("junit.jupiter.execution.parallel.enabled", "true")
                .configurationParameter("junit.jupiter.execution.parallel.mode.default", "concurrent")
                .execute();
        results.testEvents().assertStatistics(stats -> stats.succeeded(9).failed(1));

        run(Ten.class, "replay")
                .testEvents()
                .assertStatistics(stats -> stats.succeeded(9).failed(1));
        assertThat(ASKED).hasValue(10);
    }

    @Test
    void tagsSayWhatMayBeAsked() {
        EngineExecutionResults replayed = run(Tagged.class, "replay");
        replayed.containerEvents().assertStatistics(stats -> stats.skipped(1));
        assertThat(ASKED).hasValue(0);

        EngineExecutionResults live = run(Tagged.class, "live");
        live.containerEvents().assertStatistics(stats -> stats.skipped(0));
        assertThat(ASKED).hasValue(2);
    }

    @Test
    void aTestWithoutACassetteAsksNoModelUnlessItRunsLive() {
        EngineExecutionResults results = run(NoCassette.class, "replay");

        assertThat(failures(results))
                .hasSize(2)
                .allSatisfy(failure ->
                        assertThat(failure).contains("Asking a model in NoCassette.answers: it names no cassette"));
        assertThat(ASKED).hasValue(0);
        run(NoCassette.class, "live").testEvents().assertStatistics(stats -> stats.succeeded(2));
    }

    @Test
    void aBudgetThatIsUsedUpEndsTheRun() {
        EngineExecutionResults results = run(Frugal.class, "live");

        results.testEvents()
                .assertStatistics(stats -> stats.started(4).succeeded(3).failed(1));
        assertThat(failures(results))
                .singleElement()
                .asString()
                .contains("the budget of 3 calls is used up after 3 calls and 30 tokens");
        assertThat(reports(results)).singleElement().asString().endsWith("30 tokens, cost 0.000030");
        assertThat(ASKED).hasValue(3);
    }

    @Test
    void writesAReportThatServesAsBaseline() throws IOException {
        kit(Ten.class, "live")
                .configurationParameter(
                        PromptTest.REPORTS, folder.resolve("reports").toString())
                .execute();

        assertThat(Files.readString(folder.resolve("reports/" + Ten.class.getName() + ".answers.json")))
                .contains("\"passed\": 9", "\"failed\": 1", "\"liveCalls\": 10", "\"dataset\": \"ten\"");
        PassResults results =
                PassResults.readJsonLines(folder.resolve("reports/" + Ten.class.getName() + ".answers.jsonl"));
        assertThat(results.passed()).isEqualTo(9);
        assertThatPassRate(results).isNotWorseThan(results, 0.4);
    }

    @Test
    void resolvesWhatATestAsksForAndCountsNoAssumptions() {
        EngineExecutionResults results = run(Everything.class, "replay");

        results.testEvents().assertStatistics(stats -> stats.succeeded(1).aborted(1));
        assertThat(reports(results)).singleElement().asString().contains("1 of 1 passed", ", 1 skipped");
    }

    @Test
    void wrongSetUpsSayWhatToDo() {
        assertThat(failures(run(Empty.class, "replay")))
                .singleElement()
                .asString()
                .contains("the dataset empty.jsonl of ", " has no example, so nothing would be tested; add some");
        assertThat(failures(run(Missing.class, "replay")))
                .singleElement()
                .asString()
                .contains("the dataset nowhere.jsonl of ", "is neither ", "nor a resource of the class path");
        assertThat(failures(run(Two.class, "reply")))
                .singleElement()
                .asString()
                .contains("lifecycle.replay must be replay, auto, record or live but was 'reply'");
        assertThat(failures(run(Two.class, "replay")))
                .singleElement()
                .asString()
                .contains("there is no such cassette");
        assertThat(failures(run(NoSource.class, "replay")))
                .hasSize(2)
                .allSatisfy(failure -> assertThat(failure)
                        .contains("asks for an LlmApp and has 0 sources of it; annotate one method or field"));
        assertThat(failures(run(WrongSource.class, "replay")))
                .hasSize(2)
                .allSatisfy(failure -> assertThat(failure).contains("must return an LlmApp and take none"));
        assertThat(failures(run(WrongRate.class, "replay")))
                .singleElement()
                .asString()
                .contains("a pass rate must be in (0, 1] but was 95.0; write 95 % as 0.95");
        assertThat(failures(run(WrongBudget.class, "replay")))
                .singleElement()
                .asString()
                .contains("a budget of 1 needs to know what tokens cost");
    }

    private EngineExecutionResults run(Class<?> test, String mode) {
        return kit(test, mode).execute();
    }

    private EngineTestKit.Builder kit(Class<?> test, String mode) {
        return EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(test))
                .configurationParameter(PromptTest.MODE, mode)
                .configurationParameter(PromptTest.RESOURCES, folder.toString());
    }

    private static List<String> failures(EngineExecutionResults results) {
        return results.allEvents().failed().stream()
                .map(PromptTestExtensionTest::failure)
                .toList();
    }

    private static String failure(Event event) {
        return event.getPayload(TestExecutionResult.class)
                .flatMap(result -> result.getThrowable())
                .map(failure -> String.valueOf(failure.getMessage()))
                .orElse("");
    }

    private static List<String> reports(EngineExecutionResults results) {
        return results.allEvents().reportingEntryPublished().stream()
                .flatMap(event -> event.getPayload(ReportEntry.class).stream())
                .flatMap(entry -> entry.getKeyValuePairs().values().stream())
                .toList();
    }

    private static ChatModel canned() {
        return new ChatModel() {
            @Override
            public ChatResponse doChat(ChatRequest request) {
                ASKED.incrementAndGet();
                String asked =
                        ((UserMessage) request.messages().get(request.messages().size() - 1)).singleText();
                String number = asked.replaceAll("(?s).*Question (\\w+)\\?.*", "$1");
                return ChatResponse.builder()
                        .aiMessage(AiMessage.from("This is answer " + number + "."))
                        .tokenUsage(new TokenUsage(7, 3))
                        .build();
            }
        };
    }

    private static LlmApp app(TestModels models) {
        return LlmApp.builder()
                .model(models.chatModel(MODEL, PromptTestExtensionTest::canned))
                .build();
    }

    static class Two {
        @PromptTest(dataset = "two.jsonl", cassette = "two.cassette.json")
        void answers(Example example, LlmApp app) {
            assertThatAnswer(app.ask(example.input())).containsExpectedOf(example);
        }

        @PromptTestApp
        static LlmApp app(TestModels models) {
            return PromptTestExtensionTest.app(models);
        }
    }

    static class Ten {
        @PromptTest(dataset = "ten.jsonl", cassette = "ten.cassette.json")
        void answers(Example example, LlmApp app) {
            assertThatAnswer(app.ask(example.input())).containsExpectedOf(example);
        }

        @PromptTestApp
        LlmApp app(TestModels models) {
            return PromptTestExtensionTest.app(models);
        }
    }

    @PassRate(atLeast = 0.9)
    static class NineOfTen extends Ten {}

    @PassRate(atLeast = 0.9, stopping = Stopping.NEVER)
    static class NineOfTenToTheEnd extends Ten {}

    @NotWorseThan(baseline = "baseline.jsonl", margin = 0.3)
    static class Compared extends Ten {}

    @PassRate(atLeast = 0.5, stopping = Stopping.NEVER)
    @NotWorseThan(baseline = "baseline.jsonl", margin = 0.5)
    static class ComparedLoosely extends Ten {}

    static class Shown {
        @PassRate(atLeast = 0.5, confidence = 0.95)
        @PromptTest(dataset = "ten.jsonl")
        void answers(Example example) {
            assertThat(example.id()).isEqualTo("nothing");
        }
    }

    static class TooFew {
        @PassRate(atLeast = 0.9, confidence = 0.95)
        @PromptTest(dataset = "two.jsonl")
        void answers(Example example) {}
    }

    static class AnytimeValid {
        @PassRate(atLeast = 0.2, confidence = 0.9, stopping = Stopping.ANYTIME_VALID)
        @PromptTest(dataset = "ten.jsonl")
        void answers(Example example) {
            assertThat(example.id()).startsWith("q");
        }
    }

    static class Tagged {
        @Tag(PromptTest.LIVE)
        @PromptTest(dataset = "two.jsonl")
        void asks(Example example, TestModels models) {
            assertThat(models.chatModel(MODEL, PromptTestExtensionTest::canned).chat(example.input()))
                    .isNotBlank();
        }

        @Tag(PromptTest.REPLAYED)
        @PromptTest(dataset = "two.jsonl")
        void asksNever(TestModels models) {
            assertThat(models.mode()).isEqualTo(ReplayMode.REPLAY);
        }
    }

    static class NoCassette {
        @PromptTest(dataset = "two.jsonl")
        void answers(Example example, LlmApp app) {
            assertThatAnswer(app.ask(example.input())).containsExpectedOf(example);
        }

        @PromptTestApp
        static LlmApp app(TestModels models) {
            return PromptTestExtensionTest.app(models);
        }
    }

    @LiveBudget(calls = 3, cost = "1", inputPerMillion = "1", outputPerMillion = "1")
    static class Frugal extends Ten {}

    static class Everything {
        @PromptTestApp
        private static final LlmApp APP =
                LlmApp.builder().model(MODEL, canned()).build();

        @Nested
        class Inner {
            @PromptTest(dataset = "two.jsonl")
            void resolves(
                    Example example, Dataset dataset, LlmApp app, TestModels models, Budget budget, TestInfo info) {
                assertThat(dataset.size()).isEqualTo(2);
                assertThat(app).isSameAs(APP);
                assertThat(budget.isExhausted()).isFalse();
                assertThat(info.getDisplayName()).startsWith(example.id());
                assumeTrue(example.id().equals("a"));
            }
        }
    }

    static class Empty {
        @PromptTest(dataset = "empty.jsonl")
        void runs(Example example) {}
    }

    static class Missing {
        @PromptTest(dataset = "nowhere.jsonl")
        void runs(Example example) {}
    }

    static class NoSource {
        @PromptTest(dataset = "two.jsonl")
        void runs(LlmApp app) {}
    }

    static class WrongSource {
        @PromptTest(dataset = "two.jsonl")
        void runs(LlmApp app) {}

        @PromptTestApp
        static String app() {
            return "none";
        }
    }

    static class WrongRate {
        @PassRate(atLeast = 95)
        @PromptTest(dataset = "two.jsonl")
        void runs(Example example) {}
    }

    static class WrongBudget {
        @LiveBudget(cost = "1")
        @PromptTest(dataset = "two.jsonl")
        void runs(Example example) {}
    }
}
