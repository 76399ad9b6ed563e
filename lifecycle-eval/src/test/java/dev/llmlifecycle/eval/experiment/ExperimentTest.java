package dev.llmlifecycle.eval.experiment;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.app.Answer;
import dev.llmlifecycle.api.app.Outcome;
import dev.llmlifecycle.api.app.Question;
import dev.llmlifecycle.api.data.Dataset;
import dev.llmlifecycle.api.data.Example;
import dev.llmlifecycle.api.experiment.Conclusion;
import dev.llmlifecycle.api.experiment.PairedRow;
import dev.llmlifecycle.api.experiment.VerdictPolicy;
import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.eval.Answers;
import dev.llmlifecycle.eval.metric.Metric;
import dev.llmlifecycle.eval.metric.Metrics;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.tuple;

@NullMarked
final class ExperimentTest {

    private static final Hash V1 = Hash.ofUtf8("v1");
    private static final Hash V2 = Hash.ofUtf8("v2");
    private static final VerdictPolicy POLICY =
            VerdictPolicy.builder().metric("correct", 0.05).build();
    private static final Metric CORRECT = Metrics.answersOrAbstains();

    @Nested
    final class TheVerdict {

        @Test
        void isImprovedWhereTheCandidateAnswersMore() {
            assertThat(conclusion(100, i -> i % 2 == 0, i -> i % 2 == 0 || i < 40))
                    .isEqualTo(Conclusion.IMPROVED);
        }

        @Test
        void isRegressedWhereTheCandidateAnswersLess() {
            assertThat(conclusion(100, i -> true, i -> i % 5 != 0)).isEqualTo(Conclusion.REGRESSED);
        }

        @Test
        void isEquivalentWhereEnoughRowsAgree() {
            assertThat(conclusion(200, i -> i % 3 != 0, i -> i % 3 != 0)).isEqualTo(Conclusion.EQUIVALENT);
        }

        @Test
        void isUndecidedOnFewRows() {
            assertThat(conclusion(8, i -> i < 4, i -> i < 6)).isEqualTo(Conclusion.UNDECIDED);
        }

        @Test
        void namesBothReleasesAndTheDatasetAndCanBeReachedAgainFromTheRows() {
            Dataset dataset = dataset(20);
            ExperimentResult result =
                    experiment(dataset, i -> i < 10, i -> i < 12).build().run();
            assertThat(result.verdict().baseline()).isEqualTo(V1);
            assertThat(result.verdict().candidate()).isEqualTo(V2);
            assertThat(result.verdict().dataset()).isEqualTo(dataset.hash());
            assertThat(result.verdict().isReproducedBy(result.rows())).isTrue();
        }

        private Conclusion conclusion(int size, IntPredicate baseline, IntPredicate candidate) {
            return experiment(dataset(size), baseline, candidate)
                    .build()
                    .run()
                    .verdict()
                    .conclusion();
        }
    }

    @Nested
    final class TheRows {

        @Test
        void standInTheOrderOfDatasetAndMetrics() {
            VerdictPolicy policy = VerdictPolicy.builder()
                    .metric("correct", 0.05)
                    .metric("abstains", 0.05)
                    .build();
            ExperimentResult result = Experiment.builder(dataset(2), policy)
                    .baseline(arm("v1", V1, i -> i == 0))
                    .candidate(arm("v2", V2, i -> true))
                    .metric(CORRECT)
                    .metric(Metrics.abstains())
                    .build()
                    .run();
            assertThat(result.rows())
                    .containsExactly(
                            new PairedRow("q0", "correct", true, true),
                            new PairedRow("q0", "abstains", true, true),
                            new PairedRow("q1", "correct", false, true),
                            new PairedRow("q1", "abstains", true, true));
            assertThat(result.gained("correct")).containsExactly("q1");
            assertThat(result.lost("correct")).isEmpty();
        }

        @Test
        void comeWithBothAnswers() {
            ExperimentResult result =
                    experiment(dataset(3), i -> false, i -> true).build().run();
            assertThat(result.examples())
                    .extracting(
                            each -> each.example().id(),
                            each -> each.baseline().text(),
                            each -> each.candidate().text())
                    .containsExactly(
                            tuple("q0", "wrong", "the answer is value0"),
                            tuple("q1", "wrong", "the answer is value1"),
                            tuple("q2", "wrong", "the answer is value2"));
        }
    }

    @Nested
    @Timeout(30)
    final class Concurrency {

        private final Dataset dataset = dataset(200);

        @Test
        void doesNotChangeTheResult() {
            ExperimentResult alone = experiment(dataset, Concurrency::byThree, Concurrency::byTwo)
                    .build()
                    .run();
            ExecutorService pool = Executors.newFixedThreadPool(7);
            try {
                ExperimentResult together = Experiment.builder(dataset, POLICY)
                        .baseline(Arm.of("v1", V1, jittered(answering(Concurrency::byThree))))
                        .candidate(Arm.of("v2", V2, jittered(answering(Concurrency::byTwo))))
                        .metric(CORRECT)
                        .executor(pool)
                        .concurrency(8)
                        .build()
                        .run();
                assertThat(together.rows()).isEqualTo(alone.rows());
                assertThat(together.verdict()).isEqualTo(alone.verdict());
                assertThat(together.summary()).isEqualTo(alone.summary());
            } finally {
                pool.shutdownNow();
            }
        }

        @Test
        void isBounded() {
            AtomicInteger now = new AtomicInteger();
            AtomicInteger most = new AtomicInteger();
            Function<Question, Answer> counted = question -> {
                most.accumulateAndGet(now.incrementAndGet(), Math::max);
                try {
                    Thread.sleep(1);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                now.decrementAndGet();
                return Answers.answered("value0");
            };
            ExecutorService pool = Executors.newCachedThreadPool();
            try {
                Experiment.builder(dataset, POLICY)
                        .baseline(Arm.of("v1", V1, counted))
                        .candidate(Arm.of("v2", V2, counted))
                        .metric(CORRECT)
                        .executor(pool)
                        .concurrency(4)
                        .build()
                        .run();
            } finally {
                pool.shutdownNow();
            }
            assertThat(most.get()).isBetween(2, 4);
        }

        @Test
        void survivesAnExecutorThatNeverStartsAnything() {
            ExperimentResult result = experiment(dataset, Concurrency::byThree, Concurrency::byTwo)
                    .executor(task -> {})
                    .concurrency(16)
                    .build()
                    .run();
            assertThat(result.rows()).hasSize(200);
        }

        @Test
        void anExecutorThatRefusesStopsTheRun() {
            Experiment experiment = experiment(dataset, Concurrency::byThree, Concurrency::byTwo)
                    .executor(task -> {
                        throw new RejectedExecutionException("full");
                    })
                    .concurrency(2)
                    .build();
            assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(experiment::run);
        }

        @Test
        void anInterruptedCallerStopsWaiting() throws InterruptedException {
            CountDownLatch never = new CountDownLatch(1);
            CountDownLatch taken = new CountDownLatch(1);
            Thread caller = Thread.currentThread();
            Function<Question, Answer> hanging = question -> {
                if (Thread.currentThread() == caller) {
                    await(taken);
                    caller.interrupt();
                } else {
                    taken.countDown();
                    await(never);
                }
                return Answers.answered("x");
            };
            ExecutorService pool = Executors.newFixedThreadPool(1);
            Experiment experiment = Experiment.builder(dataset(1), POLICY)
                    .baseline(Arm.of("v1", V1, hanging))
                    .candidate(Arm.of("v2", V2, hanging))
                    .metric(CORRECT)
                    .executor(pool)
                    .concurrency(2)
                    .build();
            try {
                assertThatExceptionOfType(LifecycleException.class)
                        .isThrownBy(experiment::run)
                        .withMessage("Experiment was interrupted while it waited for answers; run it again");
                assertThat(Thread.interrupted()).isTrue();
            } finally {
                never.countDown();
                pool.shutdownNow();
                assertThat(pool.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
            }
        }

        private static boolean byThree(int i) {
            return i % 3 == 0;
        }

        private static boolean byTwo(int i) {
            return i % 2 == 0;
        }

        private static void await(CountDownLatch latch) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private static Function<Question, Answer> jittered(Function<Question, Answer> answerer) {
            return question -> {
                long wait = Math.floorMod(question.text().hashCode() * 31, 500_000);
                LockSupport.parkNanos(wait);
                return answerer.apply(question);
            };
        }
    }

    @Nested
    final class Failures {

        @Test
        void countAsNotPassedAndAreListed() {
            ExperimentResult result = Experiment.builder(dataset(40), POLICY)
                    .baseline(arm("v1", V1, i -> true))
                    .candidate(Arm.of(
                            "v2",
                            V2,
                            question -> number(question) == 7
                                    ? Answers.failed()
                                    : answering(i -> true).apply(question)))
                    .metric(CORRECT)
                    .build()
                    .run();
            assertThat(result.failures()).singleElement().satisfies(failure -> {
                assertThat(failure.arm()).isEqualTo("v2");
                assertThat(failure.exampleId()).isEqualTo("q7");
                assertThat(failure.outcome().step()).isEqualTo("model");
            });
            assertThat(result.lost("correct")).containsExactly("q7");
        }

        @Test
        void doNotReachTheMetric() {
            Metric always = Metric.of("correct", (example, answer) -> true);
            ExperimentResult result = Experiment.builder(dataset(1), POLICY)
                    .baseline(Arm.of("v1", V1, question -> Answers.failed()))
                    .candidate(arm("v2", V2, i -> true))
                    .metric(always)
                    .maxFailedShare(1)
                    .build()
                    .run();
            assertThat(result.rows()).containsExactly(new PairedRow("q0", "correct", false, true));
        }

        @Test
        void beyondTheToleratedShareGiveNoVerdict() {
            Experiment experiment = Experiment.builder(dataset(10), POLICY)
                    .baseline(arm("v1", V1, i -> true))
                    .candidate(Arm.of(
                            "v2",
                            V2,
                            question -> number(question) < 2
                                    ? Answers.failed()
                                    : answering(i -> true).apply(question)))
                    .metric(CORRECT)
                    .maxFailedShare(0.1)
                    .build();
            assertThatExceptionOfType(LifecycleException.class)
                    .isThrownBy(experiment::run)
                    .withMessage("Experiment on dataset 'numbers:1' gives no verdict: arm 'v2' failed on 2 of 10 "
                            + "examples (20.0 %, tolerated 10.0 %), first on 'q0' at step model: the endpoint "
                            + "answers nothing; start it; mend it and run again, or raise maxFailedShare");
        }

        @Test
        void areToleratedUpToTheShare() {
            assertThat(Experiment.builder(dataset(10), POLICY)
                            .baseline(Arm.of(
                                    "v1",
                                    V1,
                                    question -> number(question) == 9
                                            ? Answers.failed()
                                            : answering(i -> true).apply(question)))
                            .candidate(arm("v2", V2, i -> true))
                            .metric(CORRECT)
                            .maxFailedShare(0.1)
                            .build()
                            .run()
                            .failures())
                    .hasSize(1);
        }

        @Test
        void ofTheWorldThatAreThrownAreFailuresToo() {
            Instant noon = Instant.parse("2026-01-02T12:00:00Z");
            LifecycleException cause = new LifecycleException("Reading the index failed; rebuild it");
            ExperimentResult result = Experiment.builder(dataset(1), POLICY)
                    .baseline(Arm.of("v1", V1, question -> {
                        throw cause;
                    }))
                    .candidate(arm("v2", V2, i -> true))
                    .metric(CORRECT)
                    .maxFailedShare(1)
                    .clock(Clock.fixed(noon, ZoneOffset.UTC))
                    .build()
                    .run();
            assertThat(result.failures().get(0).outcome().cause()).contains(cause);
            Answer answer = result.examples().get(0).baseline();
            assertThat(answer.interaction().startedAt()).isEqualTo(noon);
            assertThat(answer.interaction().outcome()).isEqualTo("failed");
            assertThat(answer.release()).contains(V1);
        }
    }

    @Nested
    final class WrongInput {

        @Test
        void anEmptyDatasetIsRefused() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Experiment.builder(dataset(0), POLICY))
                    .withMessage("an experiment needs examples but dataset 'numbers:1' is empty; add some, or look at "
                            + "the filter that made it");
        }

        @Test
        void aMetricThatThePolicyDoesNotNameIsRefused() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Experiment.builder(dataset(1), POLICY).metric(Metrics.abstains()))
                    .withMessage("the policy does not name the metric 'abstains' but only [correct]; declare in the "
                            + "policy which difference in it matters");
        }

        @Test
        void aMetricOfThePolicyMustBeThere() {
            assertThatIllegalStateException()
                    .isThrownBy(() -> Experiment.builder(dataset(1), POLICY)
                            .baseline(arm("v1", V1, i -> true))
                            .candidate(arm("v2", V2, i -> true))
                            .build())
                    .withMessage("the policy names the metrics [correct] that the experiment does not have; add them "
                            + "with metric(...)");
        }

        @Test
        void aMetricAddedTwiceIsRefused() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Experiment.builder(dataset(1), POLICY)
                            .metric(CORRECT)
                            .metric(CORRECT))
                    .withMessage("the experiment has two metrics named 'correct'; give each a name of its own");
        }

        @Test
        void armsOfOneNameAreRefused() {
            assertThatIllegalStateException()
                    .isThrownBy(() -> Experiment.builder(dataset(1), POLICY)
                            .baseline(arm("v1", V1, i -> true))
                            .candidate(arm("v1", V2, i -> true))
                            .metric(CORRECT)
                            .build())
                    .withMessage("both arms of the experiment are named 'v1'; give each a name of its own so that a "
                            + "report can tell them apart");
        }

        @Test
        void bothArmsAreRequired() {
            assertThatIllegalStateException()
                    .isThrownBy(() -> Experiment.builder(dataset(1), POLICY)
                            .candidate(arm("v2", V2, i -> true))
                            .metric(CORRECT)
                            .build())
                    .withMessage("an experiment compares two arms but has no baseline; set it before build()");
            assertThatIllegalStateException()
                    .isThrownBy(() -> Experiment.builder(dataset(1), POLICY)
                            .baseline(arm("v1", V1, i -> true))
                            .metric(CORRECT)
                            .build())
                    .withMessageContaining("has no candidate");
        }

        @Test
        void anArmNeedsAName() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> arm("", V1, i -> true))
                    .withMessage("the name of an arm is blank; name it as a report should call it");
        }

        @Test
        void sharesAndConcurrencyHaveTheirRanges() {
            Experiment.Builder builder = Experiment.builder(dataset(1), POLICY);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> builder.maxFailedShare(Double.NaN))
                    .withMessageContaining("must be in [0, 1] but was NaN");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> builder.concurrency(0))
                    .withMessageContaining("must be at least 1 but was 0");
        }

        @Test
        void anArmThatAnswersFromAnotherReleaseStopsTheRun() {
            Experiment experiment = Experiment.builder(dataset(1), POLICY)
                    .baseline(arm("v1", V1, i -> true))
                    .candidate(
                            Arm.of("v2", V2, question -> Answers.of(new Outcome.Answered("value0"), Optional.of(V1))))
                    .metric(CORRECT)
                    .build();
            assertThatIllegalStateException()
                    .isThrownBy(experiment::run)
                    .withMessage("Arm 'v2' answered example 'q0' from release " + V1.shortForm()
                            + " but declares release " + V2.shortForm()
                            + "; pin the application to the release on trial");
        }

        @Test
        void anArmThatBreaksStopsTheRun() {
            AtomicInteger calls = new AtomicInteger();
            Experiment experiment = Experiment.builder(dataset(50), POLICY)
                    .baseline(Arm.of("v1", V1, question -> {
                        calls.incrementAndGet();
                        throw new IllegalArgumentException("no such prompt");
                    }))
                    .candidate(arm("v2", V2, i -> true))
                    .metric(CORRECT)
                    .build();
            assertThatIllegalStateException()
                    .isThrownBy(experiment::run)
                    .withMessageMatching(
                            "Arm 'v1' threw java.lang.IllegalArgumentException on example 'q\\d+'; mend it,"
                                    + " or answer with Outcome.Failed where the outside world is to blame")
                    .withCauseInstanceOf(IllegalArgumentException.class);
            assertThat(calls).hasValue(1);
        }

        @Test
        @SuppressWarnings("NullAway") // what a host without a checker may do
        void anArmThatReturnsNothingStopsTheRun() {
            Experiment experiment = Experiment.builder(dataset(1), POLICY)
                    .baseline(Arm.of("v1", V1, question -> null))
                    .candidate(arm("v2", V2, i -> true))
                    .metric(CORRECT)
                    .build();
            assertThatIllegalStateException()
                    .isThrownBy(experiment::run)
                    .withMessageContaining("Arm 'v1' returned null for example 'q0'");
        }
    }

    @Nested
    final class Summary {

        @Test
        void fitsOnAScreenAndNamesWhatChanged() {
            ExperimentResult result = Experiment.builder(dataset(40), POLICY)
                    .baseline(arm("v1", V1, i -> i >= 10))
                    .candidate(Arm.of(
                            "v2",
                            V2,
                            question -> number(question) == 39
                                    ? Answers.failed()
                                    : answering(i -> true).apply(question)))
                    .metric(CORRECT)
                    .build()
                    .run();
            assertThat(result.summary())
                    .isEqualTo("Experiment on " + result.dataset() + "\n"
                            + "  baseline    v1, release " + V1.shortForm() + "\n"
                            + "  candidate   v2, release " + V2.shortForm() + "\n"
                            + "  failed      v1 none, v2 1: q39\n"
                            + "correct: IMPROVED\n"
                            + "  passed      v1 30 (75.0 %), v2 39 (97.5 %) of 40\n"
                            + "  difference  +22.5 points, 95 % interval [+5.9, +37.0], at least 5.0 matter\n"
                            + "  p-value     0.01172 exact McNemar, 0.01172 after Holm\n"
                            + "  gained      10: q0 q1 q2 q3 q4 q5 q6 q7 and 2 more\n"
                            + "  lost        1: q39\n"
                            + "Verdict: IMPROVED (alpha 0.05)\n");
        }

        @Test
        void saysHowManyExamplesAreStillNeeded() {
            String summary =
                    experiment(dataset(8), i -> i < 4, i -> i < 6).build().run().summary();
            assertThat(summary)
                    .contains("correct: UNDECIDED\n")
                    .containsPattern("needed      about \\d+ more examples");
        }
    }

    private static Experiment.Builder experiment(Dataset dataset, IntPredicate baseline, IntPredicate candidate) {
        return Experiment.builder(dataset, POLICY)
                .baseline(arm("v1", V1, baseline))
                .candidate(arm("v2", V2, candidate))
                .metric(CORRECT);
    }

    private static Arm arm(String name, Hash release, IntPredicate right) {
        return Arm.of(name, release, answering(right));
    }

    private static Function<Question, Answer> answering(IntPredicate right) {
        return question -> right.test(number(question))
                ? Answers.answered("the answer is value" + number(question))
                : Answers.answered("wrong");
    }

    private static int number(Question question) {
        return Integer.parseInt(question.text().replaceAll("\\D", ""));
    }

    private static Dataset dataset(int size) {
        return Dataset.builder("numbers")
                .addAll(IntStream.range(0, size)
                        .mapToObj(i -> Example.builder("q" + i, "What is number " + i + "?")
                                .expected("value" + i)
                                .build())
                        .toList())
                .build();
    }
}
