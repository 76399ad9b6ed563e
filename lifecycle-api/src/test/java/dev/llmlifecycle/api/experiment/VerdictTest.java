package dev.llmlifecycle.api.experiment;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.statistics.Interval;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

@NullMarked
final class VerdictTest {

    private static final Hash CANDIDATE = Hash.ofUtf8("candidate");
    private static final Hash BASELINE = Hash.ofUtf8("baseline");
    private static final Hash DATASET = Hash.ofUtf8("dataset");
    private static final VerdictPolicy ONE =
            VerdictPolicy.builder().metric("a", 0.05).build();
    private static final VerdictPolicy THREE = VerdictPolicy.builder()
            .metric("a", 0.05)
            .metric("b", 0.05)
            .metric("c", 0.05)
            .build();

    @Nested
    final class OneMetric {

        @Test
        void improvesWhenTheTestRejectsInItsFavour() {
            MetricVerdict metric = metric(verdict(ONE, rows("a", 20, 6, 0)));

            assertThat(metric.conclusion()).isEqualTo(Conclusion.IMPROVED);
            assertThat(metric.pairs()).isEqualTo(20);
            assertThat(metric.baselinePassed()).isEqualTo(14);
            assertThat(metric.candidatePassed()).isEqualTo(20);
            assertThat(metric.gained()).isEqualTo(6);
            assertThat(metric.lost()).isZero();
            assertThat(metric.effect()).isEqualTo(0.3);
            assertThat(metric.pValue()).isEqualTo(0.03125);
            assertThat(metric.adjustedPValue()).isEqualTo(0.03125);
            assertThat(metric.difference().level()).isEqualTo(0.95);
            assertThat(metric.difference().contains(0.3)).isTrue();
            assertThat(metric.pairsStillNeeded()).isZero();
        }

        @Test
        void regressesWhenTheTestRejectsAgainstIt() {
            assertThat(verdict(ONE, rows("a", 20, 0, 6)).conclusion()).isEqualTo(Conclusion.REGRESSED);
        }

        @Test
        void rejectsAtExactlyAlpha() {
            VerdictPolicy policy =
                    VerdictPolicy.builder().alpha(0.0625).metric("a", 0.05).build();

            assertThat(verdict(policy, rows("a", 20, 5, 0)).conclusion()).isEqualTo(Conclusion.IMPROVED);
        }

        @Test
        void isEquivalentWhenTheIntervalAtTwiceAlphaLiesInsideTheMargin() {
            // Bonett and Price at level 0.9: [-0.00334, 0.00534], computed with mpmath.
            List<PairedRow> rows = rows("a", 1000, 3, 2);

            assertThat(verdict(policy(0.00535), rows).conclusion()).isEqualTo(Conclusion.EQUIVALENT);
            assertThat(verdict(policy(0.00534), rows).conclusion()).isEqualTo(Conclusion.UNDECIDED);
        }

        @Test
        void isUndecidedOtherwiseAndSaysHowManyMorePairsWouldDo() {
            MetricVerdict metric = metric(verdict(ONE, rows("a", 20, 3, 1)));

            assertThat(metric.conclusion()).isEqualTo(Conclusion.UNDECIDED);
            // Connor with 5/22 discordant pairs, difference 0.05, alpha 0.05, power 0.8: 713 pairs, computed with
            // mpmath.
            assertThat(metric.pairsStillNeeded()).isEqualTo(692);
        }

        @Test
        void needsAtLeastOneMorePairAndAtMostWhatAnIntHolds() {
            assertThat(metric(verdict(policy(0.5), rows("a", 25, 15, 6))).pairsStillNeeded())
                    .isEqualTo(1);
            assertThat(metric(verdict(policy(1e-9), rows("a", 10, 2, 1))).pairsStillNeeded())
                    .isEqualTo(Integer.MAX_VALUE);
        }

        private static VerdictPolicy policy(double margin) {
            return VerdictPolicy.builder().metric("a", margin).build();
        }
    }

    @Nested
    final class SeveralMetrics {

        @Test
        void areAdjustedAsHolmDoes() {
            List<PairedRow> rows = all(List.of(rows("a", 100, 8, 0), rows("b", 100, 7, 0), rows("c", 100, 6, 0)));

            Verdict verdict = verdict(THREE, rows);

            // 2/2^8, 2/2^7, 2/2^6 times three, two and one, each at least the one before.
            assertThat(verdict.metrics()).extracting(MetricVerdict::metric).containsExactly("a", "b", "c");
            assertThat(verdict.metrics())
                    .extracting(MetricVerdict::pValue)
                    .containsExactly(0.0078125, 0.015625, 0.03125);
            assertThat(verdict.metrics())
                    .extracting(MetricVerdict::adjustedPValue)
                    .containsExactly(0.0234375, 0.03125, 0.03125);
        }

        @Test
        void mayLoseByTheAdjustmentWhatOneAloneWouldShow() {
            List<PairedRow> rows = all(List.of(rows("a", 20, 6, 0), rows("b", 20, 1, 0), rows("c", 20, 1, 0)));

            MetricVerdict first = verdict(THREE, rows).metrics().get(0);

            assertThat(first.pValue()).isEqualTo(0.03125);
            assertThat(first.adjustedPValue()).isCloseTo(0.09375, within(1e-15));
            assertThat(first.conclusion()).isEqualTo(Conclusion.UNDECIDED);
        }

        @Test
        void neverAdjustAboveOneAndStepUpNowhere() {
            List<PairedRow> rows = all(List.of(rows("a", 20, 1, 0), rows("b", 20, 1, 1), rows("c", 20, 3, 1)));

            assertThat(verdict(THREE, rows).metrics())
                    .extracting(MetricVerdict::adjustedPValue)
                    .containsOnly(1.0);
        }

        @Test
        void concludeByTheWorstThatIsShown() {
            List<PairedRow> better = rows("a", 1000, 30, 0);
            List<PairedRow> worse = rows("b", 1000, 0, 30);
            List<PairedRow> same = rows("c", 1000, 0, 0);
            List<PairedRow> unclear = rows("c", 1000, 110, 100);

            assertThat(verdict(THREE, all(List.of(better, worse, same))).conclusion())
                    .isEqualTo(Conclusion.REGRESSED);
            assertThat(verdict(THREE, all(List.of(better, rows("b", 1000, 0, 0), unclear)))
                            .conclusion())
                    .isEqualTo(Conclusion.IMPROVED);
            assertThat(verdict(THREE, all(List.of(rows("a", 1000, 0, 0), rows("b", 1000, 1, 0), same)))
                            .conclusion())
                    .isEqualTo(Conclusion.EQUIVALENT);
            VerdictPolicy tight =
                    VerdictPolicy.builder().metric("a", 0.05).metric("c", 0.01).build();
            assertThat(verdict(tight, all(List.of(rows("a", 1000, 0, 0), unclear)))
                            .conclusion())
                    .isEqualTo(Conclusion.UNDECIDED);
        }

        @Test
        void mustCoverTheSameExamples() {
            VerdictPolicy two =
                    VerdictPolicy.builder().metric("a", 0.05).metric("b", 0.05).build();
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> verdict(
                            two,
                            List.of(
                                    new PairedRow("1", "a", true, true),
                                    new PairedRow("2", "a", true, true),
                                    new PairedRow("1", "b", true, true),
                                    new PairedRow("3", "b", true, true))))
                    .withMessage(
                            "metric 'a' has rows of 2 of 3 examples, not of '3'; score every example under every metric,"
                                    + " or record its pair as missing, and at least one");
            assertThatIllegalArgumentException().isThrownBy(() -> verdict(two, rows("a", 3, 0, 0)));
            assertThatIllegalArgumentException().isThrownBy(() -> verdict(ONE, List.of()));
        }

        @Test
        void mustBeThoseOfThePolicyAndHoldEachExampleOnce() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> verdict(ONE, rows("z", 1, 0, 0)))
                    .withMessage(
                            "the rows hold the metric 'z' that the policy does not name; declare it before looking at"
                                    + " the rows");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> verdict(ONE, all(List.of(rows("a", 1, 0, 0), rows("a", 1, 1, 0)))))
                    .withMessage("example 'e0' stands twice under metric 'a'; aggregate repeats before");
        }

        @Test
        void mayHaveAnyNames() {
            VerdictPolicy policy = VerdictPolicy.builder()
                    .metric("a", 0.05)
                    .metric("a\nb", 0.05)
                    .build();

            assertThat(verdict(
                                    policy,
                                    List.of(
                                            new PairedRow("b\nc", "a", true, true),
                                            new PairedRow("c", "a", true, true),
                                            new PairedRow("b\nc", "a\nb", true, true),
                                            new PairedRow("c", "a\nb", true, true)))
                            .metrics())
                    .hasSize(2);
        }
    }

    @Nested
    final class Reproduction {

        private final List<PairedRow> rows = rows("a", 20, 6, 0);
        private final Verdict verdict = verdict(ONE, rows);

        @Test
        void doesNotDependOnTheOrderOfTheRows() {
            List<PairedRow> shuffled = new ArrayList<>(rows);
            Collections.shuffle(shuffled, new Random(1));

            assertThat(verdict.isReproducedBy(labelled(shuffled))).isTrue();
            assertThat(verdict(ONE, shuffled)).isEqualTo(verdict);
            assertThat(verdict(ONE, shuffled).hash()).isEqualTo(verdict.hash());
        }

        @Test
        void failsForOtherRows() {
            assertThat(verdict.isReproducedBy(labelled(rows("a", 20, 7, 0)))).isFalse();
            assertThat(verdict.isReproducedBy(labelled(rows("a", 19, 6, 0)))).isFalse();
            assertThat(verdict.isReproducedBy(labelled(List.of()))).isFalse();
            assertThat(verdict.isReproducedBy(labelled(rows("z", 20, 6, 0)))).isFalse();
            assertThat(verdict.isReproducedBy(labelled(all(List.of(rows, rows.subList(0, 1))))))
                    .isFalse();
            assertThat(verdict.isReproducedBy(labelled(List.of(new PairedRow("\ud83d", "a", true, true)))))
                    .isFalse();
        }

        @Test
        void failsForARecordWithTheRightRowsHashAndAnythingElseWrong() {
            List<PairedRow> undecided = rows("a", 20, 2, 1);
            Verdict honest = verdict(ONE, undecided);
            MetricVerdict told = metric(honest);
            assertThat(honest.isReproducedBy(labelled(undecided))).isTrue();

            List<Verdict> forged = List.of(
                    forged(honest, Conclusion.IMPROVED, honest.metrics()),
                    forged(honest, Conclusion.IMPROVED, verdict.metrics()),
                    forged(honest, honest.conclusion(), verdict.metrics()),
                    forged(honest, Conclusion.IMPROVED, List.of(with(told, Conclusion.IMPROVED, told.pValue()))),
                    forged(honest, honest.conclusion(), List.of(with(told, told.conclusion(), 0.001))),
                    forged(honest, honest.conclusion(), List.of()),
                    forged(honest, honest.conclusion(), List.of(told, told)));

            assertThat(forged).allSatisfy(record -> {
                assertThat(record.rowsHash()).isEqualTo(honest.rowsHash());
                assertThat(record.isReproducedBy(labelled(undecided))).isFalse();
                assertThat(record.hash()).isNotEqualTo(honest.hash());
            });
        }

        @Test
        void failsForAPolicyThatWasChosenAfterwards() {
            List<PairedRow> undecided = rows("a", 20, 5, 0);
            Verdict honest = verdict(ONE, undecided);
            for (VerdictPolicy other : List.of(
                    VerdictPolicy.builder().alpha(0.1).metric("a", 0.05).build(),
                    VerdictPolicy.builder().metric("a", 0.9).build(),
                    VerdictPolicy.builder().metric("other", 0.05).build())) {
                Verdict forged = new Verdict(
                        honest.conclusion(), honest.metrics(), CANDIDATE, BASELINE, DATASET, other, honest.rowsHash());

                assertThat(forged.isReproducedBy(labelled(undecided))).isFalse();
            }
        }

        @Test
        void failsForAVerdictThatWasRelabelledWhileTheRowsWereNot() {
            Hash other = Hash.ofUtf8("another");
            for (Verdict relabelled : List.of(
                    Verdict.compute(ONE, other, BASELINE, DATASET, rows),
                    Verdict.compute(ONE, CANDIDATE, other, DATASET, rows),
                    Verdict.compute(ONE, CANDIDATE, BASELINE, other, rows),
                    new Verdict(
                            verdict.conclusion(),
                            verdict.metrics(),
                            other,
                            BASELINE,
                            DATASET,
                            ONE,
                            verdict.rowsHash()))) {
                assertThat(relabelled.isReproducedBy(labelled(rows))).isFalse();
                assertThat(relabelled.hash()).isNotEqualTo(verdict.hash());
            }
            assertThat(verdict.isReproducedBy(labelled(rows))).isTrue();
        }

        @Test
        void failsForRowsThatWereRelabelledWhileTheVerdictWasNot() {
            Hash other = Hash.ofUtf8("another");
            for (PairedRows relabelled : List.of(
                    new PairedRows(other, BASELINE, DATASET, rows),
                    new PairedRows(CANDIDATE, other, DATASET, rows),
                    new PairedRows(CANDIDATE, BASELINE, other, rows),
                    new PairedRows(CANDIDATE, BASELINE, DATASET, rows, List.of(new MissingPair("more", "a"))))) {
                assertThat(verdict.isReproducedBy(relabelled)).isFalse();
                assertThat(relabelled.hash()).isNotEqualTo(verdict.rowsHash());
            }
        }

        private static PairedRows labelled(List<PairedRow> rows) {
            return new PairedRows(CANDIDATE, BASELINE, DATASET, rows);
        }

        private static Verdict forged(Verdict verdict, Conclusion conclusion, List<MetricVerdict> metrics) {
            return new Verdict(
                    conclusion,
                    metrics,
                    verdict.candidate(),
                    verdict.baseline(),
                    verdict.dataset(),
                    verdict.policy(),
                    verdict.rowsHash());
        }

        private static MetricVerdict with(MetricVerdict metric, Conclusion conclusion, double pValue) {
            return new MetricVerdict(
                    metric.metric(),
                    conclusion,
                    metric.holds(),
                    metric.pairs(),
                    metric.missing(),
                    metric.clusters(),
                    metric.repeats(),
                    metric.baselineMean(),
                    metric.candidateMean(),
                    metric.gained(),
                    metric.lost(),
                    metric.effect(),
                    metric.difference(),
                    metric.test(),
                    metric.assumptions(),
                    pValue,
                    metric.adjustedPValue(),
                    metric.pairsStillNeeded());
        }
    }

    @Test
    void copiesItsMetrics() {
        Verdict verdict = verdict(ONE, rows("a", 3, 1, 0));

        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> verdict.metrics().clear());
    }

    @Test
    void aMetricRestsOnAPair() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MetricVerdict(
                        "a",
                        Conclusion.UNDECIDED,
                        false,
                        0,
                        0,
                        0,
                        1,
                        0,
                        0,
                        0,
                        0,
                        0,
                        new Interval(-1, 1, 0.95),
                        PairedTest.EXACT_MCNEMAR,
                        List.of(),
                        1,
                        1,
                        1))
                .withMessage("the verdict on metric 'a' rests on 0 pairs; take it from Verdict.compute");
    }

    private static MetricVerdict metric(Verdict verdict) {
        return verdict.metrics().get(0);
    }

    private static Verdict verdict(VerdictPolicy policy, List<PairedRow> rows) {
        return Verdict.compute(policy, CANDIDATE, BASELINE, DATASET, rows);
    }

    /** Both pass where neither gains nor loses. */
    private static List<PairedRow> rows(String metric, int pairs, int gained, int lost) {
        List<PairedRow> rows = new ArrayList<>();
        for (int i = 0; i < pairs; i++) {
            rows.add(new PairedRow("e" + i, metric, i >= gained, i < gained || i >= gained + lost));
        }
        return rows;
    }

    private static List<PairedRow> all(List<List<PairedRow>> rows) {
        return rows.stream().flatMap(List::stream).toList();
    }
}
