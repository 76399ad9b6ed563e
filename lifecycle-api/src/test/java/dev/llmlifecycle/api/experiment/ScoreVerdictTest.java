package dev.llmlifecycle.api.experiment;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.function.IntToDoubleFunction;

import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.statistics.PairedDifferences;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.llmlifecycle.api.experiment.Direction.HIGHER_IS_BETTER;
import static dev.llmlifecycle.api.experiment.Direction.LOWER_IS_BETTER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

/** Verdicts over numbers, clusters, guardrails and gaps. */
@NullMarked
final class ScoreVerdictTest {

    private static final Hash CANDIDATE = Hash.ofUtf8("candidate");
    private static final Hash BASELINE = Hash.ofUtf8("baseline");
    private static final Hash DATASET = Hash.ofUtf8("dataset");
    private static final VerdictPolicy F1 =
            VerdictPolicy.builder().score("f1", HIGHER_IS_BETTER, 0.05).build();

    @Nested
    final class TheTest {

        @Test
        void ofEnoughWellBehavedScoresIsStudents() {
            Random random = new Random(1);
            MetricVerdict metric = one(F1, rows("f1", 60, i -> 0.1 + random.nextGaussian() * 0.2));

            assertThat(metric.test()).isEqualTo(PairedTest.PAIRED_T);
            assertThat(metric.assumptions()).allMatch(AssumptionCheck::holds);
            assertThat(metric.conclusion()).isEqualTo(Conclusion.IMPROVED);
            assertThat(metric.difference().contains(metric.effect())).isTrue();
            assertThat(metric.candidateMean() - metric.baselineMean()).isCloseTo(metric.effect(), within(1e-12));
        }

        @Test
        void ofFewScoresFlipsSigns() {
            Random random = new Random(1);
            MetricVerdict metric = one(F1, rows("f1", 12, i -> 0.2 + random.nextGaussian() * 0.1));

            assertThat(metric.test()).isEqualTo(PairedTest.SIGN_FLIP);
            assertThat(failed(metric)).containsExactly(Assumption.ENOUGH_UNITS);
            assertThat(metric.conclusion()).isEqualTo(Conclusion.IMPROVED);
        }

        @Test
        void ofScoresThatFewRowsDominateFlipsSigns() {
            MetricVerdict metric = one(F1, rows("f1", 100, i -> i == 0 ? 900 : i % 2 == 0 ? 0.1 : -0.1));

            assertThat(metric.test()).isEqualTo(PairedTest.SIGN_FLIP);
            assertThat(failed(metric)).containsExactly(Assumption.MODERATE_SKEW, Assumption.NO_OUTLIER);
            assertThat(metric.conclusion()).isEqualTo(Conclusion.UNDECIDED);
        }

        @Test
        void ofClustersIsRobustToThem() {
            VerdictPolicy policy = VerdictPolicy.builder()
                    .score("f1", HIGHER_IS_BETTER, 0.05)
                    .clusterBy("conversation")
                    .build();
            Random random = new Random(5);
            double[] shared = random.doubles(30, -0.3, 0.4).toArray();
            List<PairedRow> many = clustered(300, i -> "c" + i % 30, i -> shared[i % 30]);
            List<PairedRow> few = clustered(300, i -> "c" + i % 8, i -> shared[i % 8]);

            assertThat(one(policy, many).test()).isEqualTo(PairedTest.CLUSTERED_T);
            assertThat(one(policy, many).clusters()).isEqualTo(30);
            assertThat(one(policy, few).test()).isEqualTo(PairedTest.CLUSTERED_SIGN_FLIP);
            // Ten copies of a row tell no more than one.
            double naive = PairedDifferences.of(
                            many.stream().mapToDouble(PairedRow::difference).toArray())
                    .tPValue();
            assertThat(one(policy, many).pValue()).isGreaterThan(10 * naive);
        }

        @Test
        void ofPassOrFailInClustersIsNotMcNemars() {
            VerdictPolicy policy =
                    VerdictPolicy.builder().metric("a", 0.05).clusterBy("user").build();
            List<PairedRow> rows = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                rows.add(new PairedRow("e" + i, "a", i % 3 == 0 ? 1 : 0, 1, 1, Optional.of("u" + i / 10)));
            }

            MetricVerdict metric = one(policy, rows);
            assertThat(metric.test()).isEqualTo(PairedTest.CLUSTERED_SIGN_FLIP);
            assertThat(metric.conclusion()).isEqualTo(Conclusion.UNDECIDED);
            assertThat(metric.difference().low()).isEqualTo(-1);
            assertThat(failed(metric)).contains(Assumption.CAN_REJECT);
        }

        @Test
        void ofRepeatsOfPassOrFailIsOverTheirMeans() {
            VerdictPolicy policy = VerdictPolicy.builder().metric("a", 0.05).build();
            List<PairedRow> rows = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                rows.add(new PairedRow("e" + i, "a", i % 4 / 4.0, (i % 4 + 1) / 4.0, 4, Optional.empty()));
            }
            rows.set(7, new PairedRow("e7", "a", 0.5, 0.25, 3, Optional.empty()));

            MetricVerdict metric = one(policy, rows);
            assertThat(metric.repeats()).isEqualTo(3);
            assertThat(metric.test()).isEqualTo(PairedTest.SIGN_FLIP);
            assertThat(metric.conclusion()).isEqualTo(Conclusion.IMPROVED);
        }

        @Test
        void saysWhyItWasChosen() {
            assertThat(PairedTest.EXACT_MCNEMAR.title()).isEqualTo("exact McNemar");
            assertThat(PairedTest.values())
                    .allSatisfy(test -> assertThat(test.reason()).isNotBlank());
            assertThat(Assumption.values())
                    .allSatisfy(assumption -> assertThat(assumption.title()).isNotBlank());
        }
    }

    @Nested
    final class TheDirection {

        @Test
        void decidesWhatIsBetter() {
            VerdictPolicy latency =
                    VerdictPolicy.builder().score("f1", LOWER_IS_BETTER, 0.05).build();
            Random random = new Random(3);
            List<PairedRow> faster = rows("f1", 50, i -> -1 + random.nextGaussian() * 0.2);

            assertThat(one(latency, faster).conclusion()).isEqualTo(Conclusion.IMPROVED);
            assertThat(one(latency, faster).gained()).isEqualTo(50);
            assertThat(one(latency, faster).effect()).isNegative();
            assertThat(one(latency, faster).holds()).isTrue();
            assertThat(one(F1, faster).conclusion()).isEqualTo(Conclusion.REGRESSED);
            assertThat(one(F1, faster).lost()).isEqualTo(50);
            assertThat(one(F1, faster).holds()).isFalse();
        }

        @Test
        void mustBeDeclaredForWhatIsNoRate() {
            VerdictPolicy policy =
                    VerdictPolicy.builder().metric("latency", 0.05).build();

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> one(policy, List.of(new PairedRow("q1", "latency", 812, 790))))
                    .withMessage("example 'q1' scores 812.0 and 790.0 under metric 'latency', which the policy declares"
                            + " as a rate of success in [0, 1]; declare it with its direction, score(name, direction,"
                            + " smallestDifference), since nobody can guess which way is better");
        }
    }

    @Nested
    final class Guardrails {

        private final VerdictPolicy policy = VerdictPolicy.builder()
                .metric("correct", 0.05)
                .guardrail("latency", LOWER_IS_BETTER, 100)
                .build();

        @Test
        void letAnImprovementPassThatHarmsNothing() {
            Verdict verdict = verdict(policy, all(better(), noise("latency", 200, 20, 0)));

            assertThat(verdict.conclusion()).isEqualTo(Conclusion.IMPROVED);
            assertThat(metric(verdict, "latency").conclusion()).isEqualTo(Conclusion.EQUIVALENT);
        }

        @Test
        void callALossSmallerThanWhatMattersNoLoss() {
            Verdict verdict = verdict(policy, all(better(), noise("latency", 200, 20, 30)));

            assertThat(metric(verdict, "latency").pValue()).isLessThan(1e-6);
            assertThat(metric(verdict, "latency").conclusion()).isEqualTo(Conclusion.EQUIVALENT);
            assertThat(verdict.conclusion()).isEqualTo(Conclusion.IMPROVED);
        }

        @Test
        void stopAnImprovementThatCostsTooMuch() {
            assertThat(verdict(policy, all(better(), noise("latency", 200, 20, 300)))
                            .conclusion())
                    .isEqualTo(Conclusion.REGRESSED);
        }

        @Test
        void stopAnImprovementOfWhichNobodyKnowsWhatItCosts() {
            Verdict verdict = verdict(policy, all(better(), noise("latency", 200, 2_000, 50)));

            assertThat(metric(verdict, "correct").conclusion()).isEqualTo(Conclusion.IMPROVED);
            assertThat(metric(verdict, "latency").conclusion()).isEqualTo(Conclusion.UNDECIDED);
            assertThat(metric(verdict, "latency").holds()).isFalse();
            assertThat(verdict.conclusion()).isEqualTo(Conclusion.UNDECIDED);
        }

        @Test
        void doNotImproveAReleaseByThemselves() {
            List<PairedRow> same = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                same.add(new PairedRow("e" + i, "correct", true, true));
            }
            Verdict verdict = verdict(policy, all(same, noise("latency", 200, 20, -500)));

            assertThat(metric(verdict, "latency").conclusion()).isEqualTo(Conclusion.IMPROVED);
            assertThat(verdict.conclusion()).isEqualTo(Conclusion.EQUIVALENT);
        }

        @Test
        void areNotAdjustedForPrimaryMetrics() {
            Verdict verdict = verdict(policy, all(better(), noise("latency", 200, 20, 0)));

            assertThat(verdict.metrics())
                    .allSatisfy(metric -> assertThat(metric.adjustedPValue()).isEqualTo(metric.pValue()));
        }

        private List<PairedRow> better() {
            List<PairedRow> rows = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                rows.add(new PairedRow("e" + i, "correct", i % 2 == 0, i % 5 != 1));
            }
            return rows;
        }
    }

    @Nested
    final class WrongInput {

        @Test
        void oneRowDecidesNothing() {
            MetricVerdict metric = one(F1, rows("f1", 1, i -> 0.5));

            assertThat(metric.conclusion()).isEqualTo(Conclusion.UNDECIDED);
            assertThat(metric.pValue()).isEqualTo(1);
            assertThat(metric.difference().low()).isInfinite();
            assertThat(metric.pairsStillNeeded()).isEqualTo(19);
            assertThat(verdict(F1, rows("f1", 1, i -> 0.5)).hash()).isNotNull();
        }

        @Test
        void tiesOfFewRowsDecideNothingAndOfManyAreEquivalent() {
            assertThat(one(F1, rows("f1", 19, i -> 0)).conclusion()).isEqualTo(Conclusion.UNDECIDED);
            MetricVerdict many = one(F1, rows("f1", 20, i -> 0));

            assertThat(many.conclusion()).isEqualTo(Conclusion.EQUIVALENT);
            assertThat(failed(many)).containsExactly(Assumption.NOT_ALL_TIED, Assumption.SPREAD, Assumption.CAN_REJECT);
        }

        @Test
        void aConstantDifferenceIsLeftToSignFlips() {
            MetricVerdict metric = one(F1, rows("f1", 30, i -> 0.1));

            assertThat(metric.test()).isEqualTo(PairedTest.SIGN_FLIP);
            assertThat(metric.conclusion()).isEqualTo(Conclusion.IMPROVED);
            assertThat(one(F1, rows("f1", 5, i -> 0.1)).conclusion()).isEqualTo(Conclusion.UNDECIDED);
        }

        @ParameterizedTest
        @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY})
        void aScoreThatIsNoNumberIsRefused(double score) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new PairedRow("q1", "f1", 0.5, score))
                    .withMessage("example 'q1' scores 0.5 and " + score + " under metric 'f1' and a score must be a"
                            + " finite number; mend the metric, or record the pair as missing");
        }

        @Test
        void missingPairsAreCountedAndManyLeaveTheMetricUndecided() {
            Random random = new Random(1);
            List<PairedRow> rows = rows("f1", 95, i -> 0.3 + random.nextGaussian() * 0.1);
            List<MissingPair> five = missing(95, 100);
            List<MissingPair> six = missing(95, 101);

            MetricVerdict tolerated =
                    Verdict.compute(F1, labelled(rows, five)).metrics().get(0);
            assertThat(tolerated.conclusion()).isEqualTo(Conclusion.IMPROVED);
            assertThat(tolerated.missing()).isEqualTo(5);
            assertThat(failed(tolerated)).containsExactly(Assumption.NONE_MISSING);
            MetricVerdict tooMany =
                    Verdict.compute(F1, labelled(rows, six)).metrics().get(0);
            assertThat(tooMany.conclusion()).isEqualTo(Conclusion.UNDECIDED);
            assertThat(tooMany.holds()).isFalse();
        }

        @Test
        void anArmThatGaveNothingIsRefused() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Verdict.compute(F1, labelled(List.of(), missing(0, 7))))
                    .withMessage("metric 'f1' has rows of 0 of 7 examples, not of 'e0', 'e1', 'e2', 'e3', 'e4' …; score"
                            + " every example under every metric, or record its pair as missing, and at least one");
        }

        @Test
        void clustersOnOneSideOnlyAreRefused() {
            VerdictPolicy policy = VerdictPolicy.builder()
                    .score("f1", HIGHER_IS_BETTER, 0.05)
                    .clusterBy("user")
                    .build();

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> one(policy, rows("f1", 3, i -> 0)))
                    .withMessage("the row of example 'e0' under metric 'f1' names no cluster and the policy declares"
                            + " clusters by 'user'; declare what the rows share before looking at them");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> one(F1, clustered(3, i -> "u", i -> 0)))
                    .withMessageContaining("names a cluster and the policy declares none");
            VerdictPolicy two = VerdictPolicy.builder()
                    .score("f1", HIGHER_IS_BETTER, 0.05)
                    .score("f2", HIGHER_IS_BETTER, 0.05)
                    .clusterBy("user")
                    .build();
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> verdict(
                            two,
                            List.of(
                                    new PairedRow("e1", "f1", 0, 0, 1, Optional.of("u1")),
                                    new PairedRow("e1", "f2", 0, 0, 1, Optional.of("u2")))))
                    .withMessage("example 'e1' belongs to the clusters 'u1' and 'u2'; give an example one cluster under"
                            + " all metrics");
        }
    }

    @Nested
    final class Pairing {

        private final ArmScores before = scores(BASELINE, Map.of("f1", Map.of("q1", 0.5, "q2", 0.25)));

        @Test
        void matchesExamplesAndNamesTheMissing() {
            PairedRows rows = PairedRows.pair(before, scores(CANDIDATE, Map.of("f1", Map.of("q2", 0.75, "q3", 1.0))));

            assertThat(rows).containsExactly(new PairedRow("q2", "f1", 0.25, 0.75));
            assertThat(rows.missing()).containsExactly(new MissingPair("q1", "f1"), new MissingPair("q3", "f1"));
            assertThat(rows.baseline()).isEqualTo(BASELINE);
            assertThat(rows.candidate()).isEqualTo(CANDIDATE);
        }

        @Test
        void refusesAnotherDataset() {
            Hash changed = Hash.ofUtf8("changed");

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> PairedRows.pair(before, new ArmScores(CANDIDATE, changed, Map.of())))
                    .withMessage("pairing the scores of two releases: the baseline was asked dataset "
                            + DATASET.shortForm() + " and the candidate " + changed.shortForm()
                            + "; ask both the same examples");
        }

        private ArmScores scores(Hash release, Map<String, Map<String, Double>> scores) {
            return new ArmScores(release, DATASET, scores);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void comesOutTheSameForRowsInAnyOrder(long seed) {
        VerdictPolicy policy = VerdictPolicy.builder()
                .score("f1", HIGHER_IS_BETTER, 0.05)
                .clusterBy("user")
                .build();
        Random random = new Random(seed);
        List<PairedRow> rows =
                clustered(200, i -> "u" + random.nextInt(25), i -> random.nextGaussian() * 1e3 + random.nextDouble());
        List<PairedRow> shuffled = new ArrayList<>(rows);
        Collections.shuffle(shuffled, random);

        assertThat(verdict(policy, shuffled)).isEqualTo(verdict(policy, rows));
        assertThat(verdict(policy, shuffled).hash())
                .isEqualTo(verdict(policy, rows).hash());
    }

    private static List<Assumption> failed(MetricVerdict metric) {
        return metric.assumptions().stream()
                .filter(check -> !check.holds())
                .map(AssumptionCheck::assumption)
                .toList();
    }

    private static MetricVerdict one(VerdictPolicy policy, List<PairedRow> rows) {
        return verdict(policy, rows).metrics().get(0);
    }

    private static MetricVerdict metric(Verdict verdict, String name) {
        return verdict.metrics().stream()
                .filter(metric -> metric.metric().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Verdict verdict(VerdictPolicy policy, List<PairedRow> rows) {
        return Verdict.compute(policy, labelled(rows, List.of()));
    }

    private static PairedRows labelled(List<PairedRow> rows, List<MissingPair> missing) {
        return new PairedRows(CANDIDATE, BASELINE, DATASET, rows, missing);
    }

    private static List<MissingPair> missing(int from, int to) {
        List<MissingPair> missing = new ArrayList<>();
        for (int i = from; i < to; i++) {
            missing.add(new MissingPair("e" + i, "f1"));
        }
        return missing;
    }

    private static List<PairedRow> rows(String metric, int count, IntToDoubleFunction difference) {
        List<PairedRow> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            rows.add(new PairedRow("e" + i, metric, 0.5, 0.5 + difference.applyAsDouble(i)));
        }
        return rows;
    }

    private static List<PairedRow> noise(String metric, int count, double deviation, double shift) {
        Random random = new Random(11);
        return rows(metric, count, i -> shift + deviation * random.nextGaussian());
    }

    private static List<PairedRow> clustered(int count, IntFunction<String> cluster, IntToDoubleFunction difference) {
        List<PairedRow> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            rows.add(new PairedRow(
                    "e" + i, "f1", 0.5, 0.5 + difference.applyAsDouble(i), 1, Optional.of(cluster.apply(i))));
        }
        return rows;
    }

    private static List<PairedRow> all(List<PairedRow> first, List<PairedRow> second) {
        List<PairedRow> rows = new ArrayList<>(first);
        rows.addAll(second);
        return rows;
    }
}
