package dev.llmlifecycle.eval.experiment;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

import dev.langchain4j.exception.AuthenticationException;
import dev.langchain4j.exception.InternalServerException;
import dev.llmlifecycle.api.DamagedDataException;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.app.Answer;
import dev.llmlifecycle.api.app.Outcome;
import dev.llmlifecycle.api.app.Question;
import dev.llmlifecycle.api.data.Dataset;
import dev.llmlifecycle.api.data.Example;
import dev.llmlifecycle.api.experiment.Conclusion;
import dev.llmlifecycle.api.experiment.Direction;
import dev.llmlifecycle.api.experiment.MetricVerdict;
import dev.llmlifecycle.api.experiment.MissingPair;
import dev.llmlifecycle.api.experiment.PairedRow;
import dev.llmlifecycle.api.experiment.PairedTest;
import dev.llmlifecycle.api.experiment.VerdictPolicy;
import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.monitoring.Interaction;
import dev.llmlifecycle.api.retrieval.Citation;
import dev.llmlifecycle.eval.Answers;
import dev.llmlifecycle.eval.metric.Metric;
import dev.llmlifecycle.eval.metric.Metrics;
import dev.llmlifecycle.eval.metric.Scores;
import dev.llmlifecycle.eval.metric.TextScores;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowable;

/** What a run keeps, spends, repeats and gives up. */
@NullMarked
@Timeout(60)
final class ExperimentRunTest {

    private static final Hash V1 = Hash.ofUtf8("v1");
    private static final Hash V2 = Hash.ofUtf8("v2");
    private static final Metric CORRECT = Metrics.containsExpected();
    private static final VerdictPolicy POLICY =
            VerdictPolicy.builder().metric("contains-expected", 0.05).build();

    private final Endpoint before = new Endpoint(V1, i -> i % 2 == 0);
    private final Endpoint after = new Endpoint(V2, i -> true);

    @TempDir
    private Path directory;

    @Nested
    final class AFileOfResults {

        @Test
        void makesASecondRunFree() {
            ExperimentResult first = experiment(30).results(file()).build().run();
            ExperimentResult second = experiment(30).results(file()).build().run();

            assertThat(before.calls())
                    .hasSize(30)
                    .allSatisfy((question, calls) -> assertThat(calls).hasValue(1));
            assertThat(second.verdict()).isEqualTo(first.verdict());
            assertThat(second.rows()).isEqualTo(first.rows());
            assertThat(second.use()).isEqualTo(new RunUse(first.use().spent(), 0, 60, 0));
            assertThat(second.summary()).contains("  resumed     60 answers were there, 0 were asked for");
        }

        @Test
        void keepsWhatWasSaidCitedAndSpent() {
            List<Outcome> outcomes = List.of(
                    new Outcome.Answered("value0 \u2028 \"quoted\"\n"),
                    new Outcome.Abstained("not there"),
                    new Outcome.Blocked("no", "privacy"),
                    new Outcome.OutOfScope("elsewhere"),
                    new Outcome.HandedOver("wait", "billing"));
            Function<Question, Answer> every = question -> {
                Outcome outcome = outcomes.get(number(question));
                return new Answer(
                        outcome,
                        Interaction.builder(
                                        "i" + number(question), Instant.parse("2026-01-02T03:04:05Z"), question.text())
                                .release(V1)
                                .outcome(outcome.label(), outcome.text())
                                .citations(List.of(new Citation(1, "p1", "refunds.md")))
                                .tokens(7, 5)
                                .cost(Optional.of(new BigDecimal("0.0125")))
                                .duration(Duration.ofMillis(812))
                                .build());
            };
            Experiment.Builder builder = Experiment.builder(dataset(5), POLICY)
                    .baseline(Arm.of("v1", V1, every))
                    .candidate(after.arm("v2"))
                    .metric(CORRECT)
                    .results(file());
            ExperimentResult first = builder.build().run();
            ExperimentResult second = builder.build().run();

            assertThat(second.examples())
                    .extracting(ExampleResult::baseline)
                    .usingRecursiveComparison()
                    .isEqualTo(first.examples().stream()
                            .map(ExampleResult::baseline)
                            .toList());
            assertThat(second.use().spent()).isEqualTo(new Spending(10, 60, new BigDecimal("0.0625")));
        }

        @Test
        void isReadAsFarAsItIsWholeWhereverItWasCut() throws IOException {
            experiment(3).results(file()).build().run();
            byte[] bytes = Files.readAllBytes(file());
            RunHeader header = new RunHeader(dataset(3), POLICY, List.of(before.arm("v1"), after.arm("v2")), 1, 42);
            int answers = 0;
            for (int length = 0; length <= bytes.length; length++) {
                // The last byte that counts is the brace; the line feed after it is put back.
                boolean lineEnds = length == bytes.length || (bytes[length] == '\n' && length > 0);
                if (lineEnds && lineOf(bytes, length).contains("\"type\":\"answer\"")) {
                    answers++;
                }
                // Each a new file: some file systems wait for the disk when one is cut and written again.
                Path cut = directory.resolve("cut-" + length + ".jsonl");
                Files.write(cut, Arrays.copyOf(bytes, length));
                ResultsFile.Contents contents = new ResultsFile.Reader(cut, header).read();

                assertThat(contents.results()).as("at byte %s", length).hasSize(answers);
                assertThat(contents.wholeEnd()).isEqualTo(lineEnds ? length : startOfLine(bytes, length));
            }
        }

        @Test
        void goesOnFromWhereItWasCut() throws IOException {
            ExperimentResult whole = experiment(3).results(file()).build().run();
            byte[] bytes = Files.readAllBytes(file());
            Path cut = directory.resolve("cut.jsonl");
            for (int length = 0; length < bytes.length; length += 307) {
                Files.write(cut, Arrays.copyOf(bytes, length));
                before.calls().clear();
                after.calls().clear();

                ExperimentResult result = experiment(3).results(cut).build().run();

                assertThat(result.verdict()).isEqualTo(whole.verdict());
                assertThat(result.use().restored() + result.use().asked()).isEqualTo(6);
                assertThat(before.calls().size() + after.calls().size())
                        .isEqualTo(result.use().asked());
                assertThat(experiment(3).results(cut).build().run().use().asked())
                        .isZero();
            }
        }

        private static String lineOf(byte[] bytes, int end) {
            int start = startOfLine(bytes, end);
            return new String(bytes, start, end - start, StandardCharsets.UTF_8);
        }

        private static int startOfLine(byte[] bytes, int end) {
            int start = end;
            while (start > 0 && bytes[start - 1] != '\n') {
                start--;
            }
            return start;
        }

        @Test
        void namesALineThatIsDamaged() throws IOException {
            experiment(3).results(file()).build().run();
            List<String> lines = Files.readAllLines(file());
            Files.write(
                    file(),
                    lines.stream()
                            .map(line -> line.equals(lines.get(4))
                                    ? line.replace("wrong", "right").replace("value", "valve")
                                    : line)
                            .toList());

            assertThatExceptionOfType(DamagedDataException.class)
                    .isThrownBy(() -> experiment(3).results(file()).build().run())
                    .withMessage(file() + ", line 5: its checksum does not fit; restore the file from a copy, or remove"
                            + " that line, and its answer is asked for again");
        }

        @Test
        void refusesAnotherExperimentAndSaysWhatDiffers() {
            experiment(3).results(file()).build().run();
            VerdictPolicy other =
                    VerdictPolicy.builder().metric("contains-expected", 0.1).build();
            Experiment changed = Experiment.builder(dataset(4), other)
                    .baseline(before.arm("v1"))
                    .candidate(new Endpoint(Hash.ofUtf8("v3"), i -> true).arm("v3"))
                    .metric(CORRECT)
                    .repeats(2)
                    .seed(7)
                    .results(file())
                    .build();

            assertThatExceptionOfType(LifecycleException.class)
                    .isThrownBy(changed::run)
                    .withMessage("Resuming the experiment from " + file() + " failed: its results are of another one,"
                            + " with dataset " + dataset(3).hash().shortForm() + " and not "
                            + dataset(4).hash().shortForm() + ", policy "
                            + POLICY.hash().shortForm() + " and not "
                            + other.hash().shortForm() + ", candidate v2 and not v3, candidateRelease "
                            + V2.shortForm() + " and not " + Hash.ofUtf8("v3").shortForm()
                            + ", repeats 1 and not 2, seed 42 and not 7; give this experiment a file of its own");
        }

        @Test
        void touchesNoFileOfAnotherKind() throws IOException {
            for (String content : List.of("my notes", "my notes\n", "{\"format\":9}\n")) {
                Files.writeString(file(), content);

                assertThatExceptionOfType(LifecycleException.class)
                        .isThrownBy(() -> experiment(3).results(file()).build().run())
                        .withMessage("Opening the results " + file() + " failed: it does not begin as results of an"
                                + " experiment do; name another file, or move this one away");
                assertThat(file()).hasContent(content);
            }
        }

        @Test
        void hasOneRunAtATime() {
            AtomicReference<Throwable> second = new AtomicReference<>();
            Experiment.Builder builder = experiment(3).results(file());
            builder.progress(ignored -> {
                if (second.get() == null) {
                    second.set(catchThrowable(
                            () -> experiment(3).results(file()).build().run()));
                }
            });
            builder.build().run();

            assertThat(second.get())
                    .isInstanceOf(LifecycleException.class)
                    .hasMessage("Opening the results " + file() + " failed: another run, in this process or another,"
                            + " writes to it; wait for it, or give each run a file of its own");
        }

        @Test
        void asksAgainWhatHadFailed() {
            after.failOn(4, new InternalServerException("down"));
            ExperimentResult first = experiment(30).results(file()).build().run();
            after.failOn(-1, new InternalServerException("down"));
            ExperimentResult second = experiment(30).results(file()).build().run();

            assertThat(first.failures()).extracting(ArmFailure::exampleId).containsExactly("q4");
            assertThat(second.failures()).isEmpty();
            assertThat(second.use().asked()).isEqualTo(1);
            assertThat(second.use().spent().calls()).isEqualTo(61);
        }

        @Test
        void keepsAnAnswerThatAMetricBrokeOn() {
            AtomicInteger broken = new AtomicInteger(1);
            Metric metric = Metric.of("contains-expected", (example, answer) -> {
                if (broken.getAndDecrement() > 0) {
                    throw new IllegalStateException("no model for this metric");
                }
                return true;
            });
            Experiment.Builder builder = Experiment.builder(dataset(10), POLICY)
                    .baseline(before.arm("v1"))
                    .candidate(after.arm("v2"))
                    .metric(metric)
                    .results(file());

            assertThatIllegalStateException()
                    .isThrownBy(() -> builder.build().run())
                    .withMessage("no model for this metric");
            ExperimentResult result = builder.build().run();

            assertThat(result.rows()).hasSize(10);
            assertThat(before.calls().values())
                    .allSatisfy(calls -> assertThat(calls).hasValue(1));
        }
    }

    @Nested
    final class TheCap {

        @Test
        void stopsTheRunWhichGoesOnWithMore() {
            SpendingCap cap = SpendingCap.builder().calls(25).build();
            ExperimentResult part =
                    experiment(20).results(file()).cap(cap).build().run();

            assertThat(part.isComplete()).isFalse();
            assertThat(part.use().spent().calls()).isEqualTo(25);
            assertThat(part.missing()).hasSize(15);
            assertThat(part.examples()).hasSize(12);
            assertThat(part.rows().missing())
                    .hasSize(8)
                    .extracting(MissingPair::metric)
                    .containsOnly("contains-expected");
            assertThat(part.verdict().conclusion()).isEqualTo(Conclusion.UNDECIDED);
            assertThat(part.summary()).contains("  missing     15: ").contains("; the cap was reached after 25 calls");

            ExperimentResult whole = experiment(20).results(file()).build().run();
            assertThat(whole.isComplete()).isTrue();
            assertThat(whole.use().asked()).isEqualTo(15);
            assertThat(whole.verdict()).isEqualTo(experiment(20).build().run().verdict());
        }

        @Test
        void isASampleAndNotTheBeginningOfTheDataset() {
            SpendingCap cap = SpendingCap.builder().calls(20).build();

            List<String> ids = experiment(100).cap(cap).build().run().examples().stream()
                    .map(result -> result.example().id())
                    .toList();

            assertThat(ids).hasSize(10);
            assertThat(ids.get(9)).isNotEqualTo("q9");
            assertThat(ids)
                    .isEqualTo(experiment(100).cap(cap).build().run().examples().stream()
                            .map(result -> result.example().id())
                            .toList());
        }

        @Test
        void isNeverPassedByCallsThatAreInFlightTogether() {
            AtomicLong tokens = new AtomicLong();
            Function<Question, Answer> spending = question -> {
                int used = 50 + number(question) % 51;
                tokens.addAndGet(used);
                return tokens(question, used, Optional.empty());
            };
            SpendingCap cap = SpendingCap.builder().tokens(5_000, 100).build();

            ExperimentResult result = Experiment.builder(dataset(200), POLICY)
                    .baseline(Arm.of("v1", V1, spending))
                    .candidate(Arm.of("v2", V2, question -> spending.apply(question)))
                    .metric(Metric.of("contains-expected", (example, answer) -> true))
                    .concurrency(16)
                    .cap(cap)
                    .build()
                    .run();

            assertThat(tokens.get()).isLessThanOrEqualTo(5_000).isGreaterThan(4_900);
            assertThat(result.use().spent().tokens()).isEqualTo(tokens.get());
        }

        @Test
        void countsMoneyAndWhatNobodyReportsAtItsMost() {
            Function<Question, Answer> priced = question -> tokens(question, 10, Optional.of(new BigDecimal("0.004")));
            SpendingCap cap = SpendingCap.builder()
                    .cost(new BigDecimal("0.10"), new BigDecimal("0.01"))
                    .build();
            ExperimentResult result = Experiment.builder(dataset(50), POLICY)
                    .baseline(Arm.of("v1", V1, priced))
                    .candidate(after.arm("v2")) // reports no cost
                    .metric(CORRECT)
                    .cap(cap)
                    .build()
                    .run();

            // Seven pairs of 0.014 make 0.098; the eighth call of v1 would not fit.
            assertThat(result.use().spent().cost()).isEqualByComparingTo("0.098");
            assertThat(result.examples()).hasSize(7);
        }

        @Test
        void countsAttempts() {
            after.failOn(1, new InternalServerException("down"));
            ExperimentResult result = experiment(2)
                    .cap(SpendingCap.builder().calls(6).build())
                    .retries(2)
                    .retryPause(Duration.ZERO)
                    .maxFailedShare(1)
                    .build()
                    .run();

            assertThat(result.use().spent().calls()).isEqualTo(6);
            assertThat(result.isComplete()).isTrue();
        }

        @Test
        void thatAllowsNoPairGivesNoVerdict() {
            assertThatExceptionOfType(LifecycleException.class)
                    .isThrownBy(() -> experiment(5)
                            .cap(SpendingCap.builder().calls(1).build())
                            .build()
                            .run())
                    .withMessage(
                            "Experiment on dataset 'numbers:1' gives no verdict: the cap of 1 calls left no example"
                                    + " that both arms answered, after 1 calls, 0 tokens, cost 0; raise it and run again");
        }

        @Test
        void leavesRoomForACall() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> SpendingCap.builder().tokens(10, 11))
                    .withMessage(
                            "the cap on tokens is 10 and leaves no room for a single call; raise it, or say less per"
                                    + " call, but above 0");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> SpendingCap.builder().calls(0));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> SpendingCap.builder().cost(BigDecimal.ONE, BigDecimal.ZERO));
            assertThatIllegalArgumentException().isThrownBy(() -> new Spending(-1, 0, BigDecimal.ZERO));
            assertThat(SpendingCap.NONE).hasToString("none");
        }

        private Answer tokens(Question question, int tokens, Optional<BigDecimal> cost) {
            Outcome outcome = new Outcome.Answered("value" + number(question));
            return new Answer(
                    outcome,
                    Interaction.builder("i", Instant.EPOCH, question.text())
                            .outcome(outcome.label(), outcome.text())
                            .tokens(tokens, 0)
                            .cost(cost)
                            .build());
        }
    }

    @Nested
    final class Retries {

        @Test
        void helpAgainstWhatPasses() {
            after.failTimes(5, 2, new InternalServerException("busy"));
            ExperimentResult result = experiment(10)
                    .retries(2)
                    .retryPause(Duration.ofMillis(1))
                    .build()
                    .run();

            assertThat(result.failures()).isEmpty();
            assertThat(after.calls().get(5)).hasValue(3);
            assertThat(result.use().spent().calls()).isEqualTo(22);
        }

        @Test
        void areNotTriedOnWhatDoesNotPass() {
            after.failOn(5, new AuthenticationException("bad key"));
            ExperimentResult result = experiment(30).retries(5).build().run();

            assertThat(result.failures()).hasSize(1);
            assertThat(after.calls().get(5)).hasValue(1);
        }

        @Test
        void endWhenSoManyFailThatThereIsNoVerdict() {
            Endpoint dead = new Endpoint(V2, i -> true);
            dead.failOn(Endpoint.ALL, new InternalServerException("down"));
            Experiment experiment = Experiment.builder(dataset(100), POLICY)
                    .baseline(before.arm("v1"))
                    .candidate(dead.arm("v2"))
                    .metric(CORRECT)
                    .build();

            assertThatExceptionOfType(LifecycleException.class)
                    .isThrownBy(experiment::run)
                    .withMessageContaining("arm 'v2' failed on 6 of 100 examples");
            assertThat(dead.calls()).hasSize(6);
        }
    }

    @Nested
    final class Timeouts {

        @Test
        void interruptAnArmThatWaitsTooLongAndCountAsFailures() {
            CountDownLatch never = new CountDownLatch(1);
            Function<Question, Answer> hanging = question -> {
                if (number(question) == 3) {
                    try {
                        never.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException("interrupted", e);
                    }
                }
                return Answers.answered("value" + number(question));
            };
            ExperimentResult result = Experiment.builder(dataset(20), POLICY)
                    .baseline(Arm.of("v1", V1, hanging))
                    .candidate(after.arm("v2"))
                    .metric(CORRECT)
                    .timeout(Duration.ofMillis(150))
                    .build()
                    .run();

            assertThat(result.failures()).singleElement().satisfies(failure -> {
                assertThat(failure.exampleId()).isEqualTo("q3");
                assertThat(failure.outcome().text())
                        .isEqualTo(
                                "arm 'v1' gave no answer within PT0.15S; allow it more, or look at what it waits for");
            });
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
        }

        @Test
        void giveTheQuestionItsDeadline() {
            Instant noon = Instant.parse("2026-01-02T12:00:00Z");
            List<Optional<Instant>> deadlines = new CopyOnWriteArrayList<>();
            Experiment.builder(dataset(1), POLICY)
                    .baseline(Arm.of("v1", V1, question -> {
                        deadlines.add(question.deadline());
                        return Answers.answered("x");
                    }))
                    .candidate(after.arm("v2"))
                    .metric(CORRECT)
                    .timeout(Duration.ofMinutes(1))
                    .clock(Clock.fixed(noon, ZoneOffset.UTC))
                    .build()
                    .run();

            assertThat(deadlines).containsExactly(Optional.of(noon.plusSeconds(60)));
        }
    }

    @Nested
    final class Cancelling {

        @Test
        void endsCallsInFlightAndLeavesAFileToGoOnFrom() throws Exception {
            CountDownLatch waiting = new CountDownLatch(4);
            AtomicInteger hanging = new AtomicInteger(1);
            Function<Question, Answer> slow = question -> {
                if (hanging.get() == 1 && number(question) % 2 == 0) {
                    waiting.countDown();
                    try {
                        TimeUnit.HOURS.sleep(1);
                    } catch (InterruptedException e) {
                        throw new LifecycleException("interrupted", e);
                    }
                }
                return Answers.answered("value" + number(question));
            };
            Experiment.Builder builder = Experiment.builder(dataset(40), POLICY)
                    .baseline(before.arm("v1"))
                    .candidate(Arm.of("v2", V2, slow))
                    .metric(CORRECT)
                    .concurrency(4)
                    .results(file());
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            Thread runner = new Thread(
                    () -> thrown.set(catchThrowable(() -> builder.build().run())));
            runner.start();
            waiting.await();
            runner.interrupt();
            runner.join(10_000);

            assertThat(thrown.get())
                    .isInstanceOf(LifecycleException.class)
                    .hasMessageStartingWith("Experiment was interrupted");
            hanging.set(0);
            ExperimentResult result = builder.build().run();
            assertThat(result.isComplete()).isTrue();
            assertThat(result.failures()).isEmpty();
            assertThat(result.use().unanswered()).isEqualTo(4);
            assertThat(result.use().restored()).isPositive();
        }
    }

    @Nested
    final class Progress {

        @Test
        void tellsRateAndRemainingTime() {
            AtomicLong now = new AtomicLong();
            Clock ticking = new Clock() {
                @Override
                public ZoneOffset getZone() {
                    return ZoneOffset.UTC;
                }

                @Override
                public Clock withZone(ZoneId zone) {
                    return this;
                }

                @Override
                public Instant instant() {
                    return Instant.ofEpochSecond(now.getAndIncrement());
                }
            };
            List<ExperimentProgress> heard = new CopyOnWriteArrayList<>();
            after.failOn(2, new AuthenticationException("bad key"));
            Experiment.builder(dataset(10), POLICY)
                    .baseline(before.arm("v1"))
                    .candidate(after.arm("v2"))
                    .metric(CORRECT)
                    .maxFailedShare(0.1)
                    .clock(Clock.fixed(Instant.EPOCH, ZoneOffset.UTC))
                    .progress(heard::add)
                    .build()
                    .run();
            assertThat(heard).hasSize(20);
            assertThat(heard.get(0).remaining()).isEmpty();
            ExperimentProgress last = heard.get(19);
            assertThat(last.done()).isEqualTo(20).isEqualTo(last.total());
            assertThat(last.failures()).isEqualTo(1);
            assertThat(last.spent().calls()).isEqualTo(20);

            heard.clear();
            experiment(10)
                    .clock(ticking)
                    .maxFailedShare(0.1)
                    .progress(heard::add)
                    .build()
                    .run();
            assertThat(heard.get(9).perSecond()).isBetween(0.5, 1.0);
            assertThat(heard.get(9).remaining().orElseThrow())
                    .isBetween(Duration.ofSeconds(10), Duration.ofSeconds(20));
            assertThat(heard.get(9).toString()).startsWith("10 of 20, ").contains(" s left, 10 calls");
        }

        @Test
        void ofAListenerThatBreaksStopsTheRun() {
            assertThatIllegalStateException()
                    .isThrownBy(() -> experiment(10)
                            .progress(ignored -> {
                                throw new IllegalStateException("no screen");
                            })
                            .build()
                            .run())
                    .withMessage("no screen");
        }
    }

    @Nested
    final class NumbersAndRepeats {

        @Test
        void areComparedWithTheTestThatFits() {
            VerdictPolicy policy = VerdictPolicy.builder()
                    .score("token-f1", Direction.HIGHER_IS_BETTER, 0.05)
                    .guardrail("latency-ms", Direction.LOWER_IS_BETTER, 100)
                    .build();
            ExperimentResult result = Experiment.builder(dataset(60), policy)
                    .baseline(Arm.of(
                            "v1", V1, question -> timed(question, "value" + number(question) + " and more words", 300)))
                    .candidate(Arm.of(
                            "v2",
                            V2,
                            question -> timed(
                                    question,
                                    "value" + number(question) + (number(question) % 3 == 0 ? " indeed" : ""),
                                    320)))
                    .metric(Scores.text("token-f1", TextScores::tokenF1))
                    .metric(Scores.latency())
                    .build()
                    .run();

            MetricVerdict f1 = metric(result, "token-f1");
            assertThat(f1.test()).isEqualTo(PairedTest.PAIRED_T);
            assertThat(f1.conclusion()).isEqualTo(Conclusion.IMPROVED);
            assertThat(metric(result, "latency-ms").holds()).isTrue();
            assertThat(result.verdict().conclusion()).isEqualTo(Conclusion.IMPROVED);
            assertThat(result.gained("token-f1")).hasSize(60);
            assertThat(result.lost("latency-ms")).hasSize(60);
            assertThat(result.summary())
                    .contains("latency-ms: EQUIVALENT, guardrail holds\n")
                    .contains("  mean        v1 300.0, v2 320.0 over 60\n")
                    .contains("lower is better, at least 100.0 matter")
                    .contains("  test        as scores, enough of them and none dominates");
        }

        @Test
        void ofAFailureAreNothingWhereMoreIsBetterAndMissingWhereLessIs() {
            VerdictPolicy policy = VerdictPolicy.builder()
                    .score("token-f1", Direction.HIGHER_IS_BETTER, 0.05)
                    .guardrail("latency-ms", Direction.LOWER_IS_BETTER, 100)
                    .build();
            after.failOn(4, new InternalServerException("down"));
            ExperimentResult result = Experiment.builder(dataset(30), policy)
                    .baseline(before.arm("v1"))
                    .candidate(after.arm("v2"))
                    .metric(Scores.text("token-f1", TextScores::tokenF1))
                    .metric(Scores.latency())
                    .build()
                    .run();

            assertThat(result.rows().missing()).containsExactly(new MissingPair("q4", "latency-ms"));
            assertThat(metric(result, "token-f1").pairs()).isEqualTo(30);
            assertThat(metric(result, "latency-ms").missing()).isEqualTo(1);
            assertThat(result.summary()).contains("  no pair     1: q4\n");
        }

        @Test
        void areTheMeansOverTheRepeatsOfAnExample() {
            AtomicInteger turn = new AtomicInteger();
            Function<Question, Answer> wavering =
                    question -> Answers.answered(turn.getAndIncrement() % 4 == 0 ? "no" : "value" + number(question));
            ExperimentResult result = Experiment.builder(dataset(5), POLICY)
                    .baseline(before.arm("v1"))
                    .candidate(Arm.of("v2", V2, wavering))
                    .metric(CORRECT)
                    .repeats(4)
                    .build()
                    .run();

            assertThat(result.rows())
                    .contains(new PairedRow("q1", "contains-expected", 0, 0.75, 4, Optional.empty()))
                    .allSatisfy(row -> assertThat(row.candidate()).isEqualTo(0.75));
            assertThat(before.calls().get(0)).hasValue(4);
            assertThat(result.summary()).contains("over 5, each the mean of 4 repeats");
        }

        @Test
        void mustBeFinite() {
            VerdictPolicy policy = VerdictPolicy.builder()
                    .score("odd", Direction.HIGHER_IS_BETTER, 1)
                    .build();
            Experiment experiment = Experiment.builder(dataset(1), policy)
                    .baseline(before.arm("v1"))
                    .candidate(after.arm("v2"))
                    .metric(Metric.ofScore("odd", (example, answer) -> 0.0 / 0.0))
                    .build();

            assertThatIllegalStateException()
                    .isThrownBy(experiment::run)
                    .withMessage("The metric 'odd' scores the answer of arm 'v1' to example 'q0' as NaN; mend it, or"
                            + " return nothing where an answer has no score");
        }

        @Test
        void needADirection() {
            Experiment experiment = Experiment.builder(
                            dataset(1),
                            VerdictPolicy.builder().metric("latency-ms", 0.5).build())
                    .baseline(Arm.of("v1", V1, question -> timed(question, "x", 300)))
                    .candidate(Arm.of("v2", V2, question -> timed(question, "x", 300)))
                    .metric(Scores.latency())
                    .build();

            assertThatIllegalArgumentException()
                    .isThrownBy(experiment::run)
                    .withMessageContaining("declare it with its direction, score(name, direction, smallestDifference)");
            assertThatIllegalStateException()
                    .isThrownBy(
                            () -> Scores.latency().passed(dataset(1).examples().get(0), Answers.answered("x")))
                    .withMessageContaining("is a score that no answer passes or fails");
        }

        @Test
        void ofExamplesThatShareALabelAreClustered() {
            VerdictPolicy policy = VerdictPolicy.builder()
                    .metric("contains-expected", 0.05)
                    .clusterBy("topic")
                    .build();
            ExperimentResult result = Experiment.builder(dataset(60), policy)
                    .baseline(before.arm("v1"))
                    .candidate(after.arm("v2"))
                    .metric(CORRECT)
                    .build()
                    .run();

            assertThat(result.verdict().metrics().get(0).test()).isEqualTo(PairedTest.CLUSTERED_SIGN_FLIP);
            assertThat(result.verdict().metrics().get(0).clusters()).isEqualTo(6);
            assertThat(result.summary()).contains("over 60 in 6 clusters");
            assertThatIllegalStateException()
                    .isThrownBy(() -> Experiment.builder(
                                    dataset(2),
                                    VerdictPolicy.builder()
                                            .metric("contains-expected", 0.05)
                                            .clusterBy("user")
                                            .build())
                            .baseline(before.arm("v1"))
                            .candidate(after.arm("v2"))
                            .metric(CORRECT)
                            .build())
                    .withMessage("the policy declares clusters by the label 'user' but 2 of 2 examples of dataset"
                            + " 'numbers:1' have none, first 'q0'; label every example, or leave clusterBy out");
        }

        private Answer timed(Question question, String text, int millis) {
            return new Answer(
                    new Outcome.Answered(text),
                    Interaction.builder("i", Instant.EPOCH, question.text())
                            .outcome("answered", text)
                            .duration(Duration.ofMillis(millis))
                            .build());
        }

        private MetricVerdict metric(ExperimentResult result, String name) {
            return result.verdict().metrics().stream()
                    .filter(metric -> metric.metric().equals(name))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void takesPlainFunctionsAsArms() {
        Identity echo = Identity.of("echo", "1", Map.of("prefix", "value"));
        Arm arm = Arm.ofFunction("echo", echo, text -> "value" + text.replaceAll("\\D", ""));
        ExperimentResult result = Experiment.builder(dataset(5), POLICY)
                .baseline(before.arm("v1"))
                .candidate(arm)
                .metric(CORRECT)
                .build()
                .run();

        assertThat(result.verdict().candidate()).isEqualTo(Hash.ofCanonicalJson(echo.toCanonical()));
        assertThat(result.rows()).allSatisfy(row -> assertThat(row.candidate()).isEqualTo(1));
        assertThat(result.examples().get(0).candidate().interaction().duration())
                .isPositive();
    }

    @Test
    void runsOnThreadsOfItsOwnThatEnd() {
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        Experiment.builder(dataset(50), POLICY)
                .baseline(Arm.of("v1", V1, question -> {
                    threads.add(Thread.currentThread());
                    return Answers.answered("x");
                }))
                .candidate(after.arm("v2"))
                .metric(CORRECT)
                .concurrency(4)
                .build()
                .run();

        assertThat(threads).hasSizeLessThanOrEqualTo(4);
        threads.remove(Thread.currentThread());
        assertThat(threads).allSatisfy(thread -> {
            thread.join(5_000);
            assertThat(thread.isAlive()).isFalse();
        });
    }

    @Test
    void refusesSettingsOutOfRange() {
        Experiment.Builder builder = experiment(1);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.repeats(0))
                .withMessage("the repeats of an experiment must be at least 1 but were 0; 1 asks once");
        assertThatIllegalArgumentException().isThrownBy(() -> builder.retries(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.retryPause(Duration.ofMillis(-1)));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.timeout(Duration.ZERO));
    }

    private Path file() {
        return directory.resolve("results.jsonl");
    }

    private Experiment.Builder experiment(int size) {
        return Experiment.builder(dataset(size), POLICY)
                .baseline(before.arm("v1"))
                .candidate(after.arm("v2"))
                .metric(CORRECT);
    }

    private static Dataset dataset(int size) {
        return Dataset.builder("numbers")
                .addAll(IntStream.range(0, size)
                        .mapToObj(i -> Example.builder("q" + i, "What is number " + i + "?")
                                .expected("value" + i)
                                .label("topic", "t" + i / 10)
                                .build())
                        .toList())
                .build();
    }

    private static int number(Question question) {
        return Integer.parseInt(question.text().replaceAll("\\D", ""));
    }

    /** Answers, fails as it is told to, and counts. */
    private static final class Endpoint {

        static final int ALL = -2;

        private final Hash release;
        private final IntPredicate right;
        private final Map<Integer, AtomicInteger> calls = new ConcurrentHashMap<>();
        private volatile int failing = -1;
        private volatile int times = Integer.MAX_VALUE;
        private volatile RuntimeException failure = new InternalServerException("down");

        Endpoint(Hash release, IntPredicate right) {
            this.release = release;
            this.right = right;
        }

        void failOn(int number, RuntimeException with) {
            failTimes(number, Integer.MAX_VALUE, with);
        }

        void failTimes(int number, int often, RuntimeException with) {
            failing = number;
            times = often;
            failure = with;
        }

        Map<Integer, AtomicInteger> calls() {
            return calls;
        }

        Arm arm(String name) {
            return Arm.of(name, release, question -> {
                int number = number(question);
                int call = calls.computeIfAbsent(number, key -> new AtomicInteger())
                        .incrementAndGet();
                if ((failing == number || failing == ALL) && call <= times) {
                    throw failure;
                }
                return Answers.of(
                        new Outcome.Answered(right.test(number) ? "value" + number : "wrong"), Optional.of(release));
            });
        }
    }
}
