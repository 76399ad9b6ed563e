package dev.llmlifecycle.eval.statistics;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

import dev.llmlifecycle.api.statistics.Interval;
import dev.llmlifecycle.api.statistics.McNemarTest;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

@NullMarked
final class PairedTestsTest {

    private static final double[] SLEEP = IntervalsTest.SLEEP;
    private static final double[] TIED = {3, -1, -1, 2, 2, -2, 5, 7, 0, 4, -3, 6};
    private static final Bootstrap DRAWING = Bootstrap.withSeed(11);

    @Test
    void differencesAreCandidateMinusBaseline() {
        assertThat(PairedTests.differences(new double[] {1, 2}, new double[] {3, 1}))
                .containsExactly(2, -1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PairedTests.differences(new double[] {1, 2}, new double[] {3}))
                .withMessage("A paired comparison needs lists of one length but got 2 and 1; match them row by row");
    }

    @Test
    void studentsTestOfTheSleepData() {
        TestResult result = PairedTests.t(SLEEP);
        assertThat(result.statistic()).isCloseTo(4.062127683382037, within(1e-12));
        assertThat(result.pValue()).isCloseTo(0.002832890197389748, within(1e-12));
        assertThat(result.method()).isEqualTo("Student's t with 9 degrees of freedom");
    }

    @Test
    void theClusteredTest() {
        TestResult result = PairedTests.clusteredT(
                new double[] {1, 2, 3, 4, 6, 5, 2, 8}, List.of("a", "a", "b", "b", "c", "c", "d", "d"));
        assertThat(result.statistic()).isCloseTo(4.312771730569565, within(1e-12));
        assertThat(result.pValue()).isCloseTo(0.022958230290703874, within(1e-9));
    }

    @Nested
    final class Wilcoxon {

        @Test
        void isExactWithTiesAndZeros() {
            assertThat(PairedTests.wilcoxon(SLEEP).statistic()).isEqualTo(45);
            assertThat(PairedTests.wilcoxon(SLEEP).pValue()).isCloseTo(0.00390625, within(1e-15));
            assertThat(PairedTests.wilcoxon(TIED).statistic()).isEqualTo(52.5);
            assertThat(PairedTests.wilcoxon(TIED).pValue()).isCloseTo(0.0888671875, within(1e-15));
            assertThat(PairedTests.wilcoxon(TIED).method()).isEqualTo("exact, 11 non-zero differences");
        }

        @Test
        void differencesThatAreEqualOnPaperAreTies() {
            double[] inDoubles = {0.7 - 0.5, 0.4 - 0.2, 0.1 - 0.3, 0.1 + 0.2 - 0.3, 0.9 - 0.3, 1 - 0.7};
            double[] onPaper = {2, 2, -2, 0, 6, 3};
            assertThat(PairedTests.wilcoxon(inDoubles)).isEqualTo(PairedTests.wilcoxon(onPaper));
            assertThat(EffectSizes.rankBiserial(inDoubles)).isEqualTo(EffectSizes.rankBiserial(onPaper));
        }

        @Test
        void isTheNormalApproximationBeyondAHundred() {
            double[] many =
                    IntStream.range(0, 130).mapToDouble(i -> (i * 29) % 41 - 15).toArray();
            TestResult result = PairedTests.wilcoxon(many);
            assertThat(result.statistic()).isEqualTo(5777.5);
            assertThat(result.pValue()).isCloseTo(3.742430652102625e-05, within(1e-15));
            assertThat(result.method()).isEqualTo("normal approximation, 127 non-zero differences");
        }

        @Test
        void theApproximationContinuesTheExactOne() {
            double[] hundred = IntStream.range(1, 101)
                    .mapToDouble(i -> i % 3 == 0 ? -i : i)
                    .toArray();
            TestResult exact = PairedTests.wilcoxon(hundred);
            double z = (Math.abs(exact.statistic() - 2525) - 0.5) / Math.sqrt(100 * 101 * 201 / 24.0);
            double approximate = 2 * NormalDistribution.of(0, 1).survivalProbability(z);
            // The exact value is that of whole-number arithmetic; so far out the approximation is a tenth too large.
            assertThat(exact.pValue()).isCloseTo(0.003526003801650493, within(1e-15));
            assertThat(exact.pValue()).isCloseTo(approximate, withinPercentage(10));
        }
    }

    @Nested
    final class Permutation {

        @Test
        void countsAllSignsOfFewDifferences() {
            assertThat(PairedTests.permutation(SLEEP, DRAWING).pValue()).isCloseTo(0.00390625, within(1e-15));
            assertThat(PairedTests.permutation(TIED, DRAWING).pValue()).isCloseTo(0.095703125, within(1e-15));
            assertThat(PairedTests.permutation(TIED, DRAWING).method()).isEqualTo("exact, all signs");
        }

        @Test
        void isMcNemarsTestWhereRowsPassOrFail() {
            double[] rows = new double[40];
            Arrays.fill(rows, 0, 12, 1);
            Arrays.fill(rows, 12, 15, -1);
            assertThat(PairedTests.permutation(rows, DRAWING).pValue())
                    .isCloseTo(McNemarTest.exactPValue(12, 3), within(1e-12));
        }

        @Test
        void drawsSignsOfManyDifferencesAndAgreesWithTheExactTest() {
            double[] rows = new double[40];
            Arrays.fill(rows, 0, 20, 1);
            Arrays.fill(rows, 20, 30, -1);
            TestResult result = PairedTests.permutation(rows, DRAWING);
            // Four standard errors of 10,000 draws.
            assertThat(result.pValue()).isCloseTo(McNemarTest.exactPValue(20, 10), within(0.012));
            assertThat(result.method()).isEqualTo("10000 random flips, seed 11");
            assertThat(PairedTests.permutation(rows, DRAWING)).isEqualTo(result);
        }

        @Test
        void isNeverZero() {
            double[] all = new double[50];
            Arrays.fill(all, 1);
            assertThat(PairedTests.permutation(all, DRAWING).pValue()).isEqualTo(1 / 10_001.0);
        }
    }

    @Test
    void theBootstrapAgreesWithStudentsTestOnPlentyOfRows() {
        SplittableRandom random = new SplittableRandom(5);
        double[] rows = random.doubles(300).map(x -> x - 0.47).toArray();
        assertThat(PairedTests.bootstrap(rows, DRAWING).pValue())
                .isCloseTo(PairedTests.t(rows).pValue(), within(0.02));
    }

    @Test
    void nothingButZerosIsNoDifferenceByEveryTest() {
        double[] zeros = new double[5];
        assertThat(List.of(
                        PairedTests.t(zeros),
                        PairedTests.wilcoxon(zeros),
                        PairedTests.permutation(zeros, DRAWING),
                        PairedTests.bootstrap(zeros, DRAWING),
                        PairedTests.clusteredT(zeros, List.of("a", "b", "c", "d", "e"))))
                .allSatisfy(result -> assertThat(result.pValue()).isEqualTo(1));
    }

    @Test
    void aConstantDifferenceIsBeyondChanceForStudentsTest() {
        TestResult result = PairedTests.t(new double[] {-2, -2, -2});
        assertThat(result.pValue()).isZero();
        assertThat(result.statistic()).isEqualTo(Double.NEGATIVE_INFINITY);
    }

    @Test
    void oneRowOrNoneIsRefusedWhereItCannotTell() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PairedTests.t(new double[] {1}))
                .withMessage("A paired t-test needs at least 2 values but got 1; collect more rows");
        assertThat(PairedTests.permutation(new double[] {1}, DRAWING).pValue()).isEqualTo(1);
        assertThat(PairedTests.wilcoxon(new double[] {1}).pValue()).isEqualTo(1);
        assertThatIllegalArgumentException().isThrownBy(() -> PairedTests.wilcoxon(new double[0]));
    }

    @Test
    void falseAlarmsAreAsRareAsTheySay() {
        int runs = 500;
        int t = 0;
        int wilcoxon = 0;
        int permutation = 0;
        Bootstrap few = new Bootstrap(1, 400);
        for (int run = 0; run < runs; run++) {
            double[] rows =
                    new SplittableRandom(run).doubles(25).map(x -> x - 0.5).toArray();
            t += PairedTests.t(rows).pValue() <= 0.05 ? 1 : 0;
            wilcoxon += PairedTests.wilcoxon(rows).pValue() <= 0.05 ? 1 : 0;
            permutation += PairedTests.permutation(rows, few).pValue() <= 0.05 ? 1 : 0;
        }
        // Four standard errors of a share of 0.05 over 500 runs are 0.039.
        assertThat(t / (double) runs).isBetween(0.011, 0.089);
        assertThat(wilcoxon / (double) runs).isBetween(0.011, 0.089);
        assertThat(permutation / (double) runs).isBetween(0.011, 0.089);
    }

    @Nested
    final class Effects {

        @Test
        void cohensDz() {
            assertThat(EffectSizes.cohensDz(SLEEP)).isCloseTo(4.062127683382037 / Math.sqrt(10), within(1e-12));
            assertThat(EffectSizes.cohensDz(new double[] {0, 0})).isZero();
            assertThat(EffectSizes.cohensDz(new double[] {1, 1})).isEqualTo(Double.POSITIVE_INFINITY);
        }

        @Test
        void rankBiserial() {
            assertThat(EffectSizes.rankBiserial(SLEEP)).isEqualTo(1);
            assertThat(EffectSizes.rankBiserial(TIED)).isCloseTo((52.5 - 13.5) / 66, within(1e-12));
            assertThat(EffectSizes.rankBiserial(new double[] {0})).isZero();
        }

        @Test
        void oddsRatioOfDiscordantPairs() {
            assertThat(EffectSizes.discordantOddsRatio(7, 13)).isCloseTo(7 / 13.0, within(1e-15));
            Interval interval = EffectSizes.discordantOddsRatioInterval(7, 13, 0.95);
            assertThat(interval.low()).isCloseTo(0.15390920478454118 / (1 - 0.15390920478454118), within(1e-10));
            assertThat(interval.high()).isCloseTo(0.592188534532828 / (1 - 0.592188534532828), within(1e-10));
            assertThat(EffectSizes.discordantOddsRatioInterval(5, 0, 0.95).high())
                    .isEqualTo(Double.POSITIVE_INFINITY);
            assertThat(EffectSizes.discordantOddsRatioInterval(0, 0, 0.95).contains(1))
                    .isTrue();
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> EffectSizes.discordantOddsRatio(-1, 2))
                    .withMessage("an odds ratio counts pairs but got -1 and 2; check the counts");
        }
    }

    @Nested
    final class Multiple {

        @Test
        void holmAndBenjaminiHochbergInTheOrderGiven() {
            assertThat(MultipleTests.holm(0.04, 0.01, 0.03, 0.005))
                    .containsExactly(new double[] {0.06, 0.03, 0.06, 0.02}, within(1e-15));
            assertThat(MultipleTests.benjaminiHochberg(0.04, 0.01, 0.03, 0.005))
                    .containsExactly(new double[] {0.04, 0.02, 0.04, 0.02}, within(1e-15));
        }

        @Test
        void neverExceedOneAndAcceptNothing() {
            assertThat(MultipleTests.holm(0.9, 0.8)).containsExactly(1, 1);
            assertThat(MultipleTests.benjaminiHochberg(1, 0.9)).containsExactly(1, 1);
            assertThat(MultipleTests.holm()).isEmpty();
        }

        @Test
        void whatIsNoPValueIsRefused() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> MultipleTests.holm(0.5, 1.5))
                    .withMessage("p-values must be in [0, 1] but value 1 is 1.5; check the test");
        }
    }

    @Nested
    final class TooSmallToMatter {

        @Test
        void equivalenceIsTheLargerOfTwoOneSidedTests() {
            TestResult result = Equivalence.tost(SLEEP, 3);
            assertThat(result.statistic()).isCloseTo(3.6507729812673997, within(1e-12));
            assertThat(result.pValue()).isCloseTo(0.0026555702926573943, within(1e-12));
        }

        @Test
        void equivalenceAtAlphaIsAnIntervalInsideTheMargin() {
            double margin = 2.3;
            assertThat(ConfidenceIntervals.mean(SLEEP, 0.9).within(margin))
                    .isEqualTo(Equivalence.tost(SLEEP, margin).pValue() < 0.05);
            assertThat(ConfidenceIntervals.mean(SLEEP, 0.9).within(2.2))
                    .isEqualTo(Equivalence.tost(SLEEP, 2.2).pValue() < 0.05);
        }

        @Test
        void nonInferiorityLooksAtLossesOnly() {
            TestResult result = Equivalence.nonInferiority(TIED, 0.5);
            assertThat(result.statistic()).isCloseTo(2.47136576111519, within(1e-12));
            assertThat(result.pValue()).isCloseTo(0.01552303902729979, within(1e-12));
        }

        @Test
        void differencesWithoutSpread() {
            assertThat(Equivalence.tost(new double[] {0, 0, 0}, 0.1).pValue()).isZero();
            assertThat(Equivalence.tost(new double[] {1, 1, 1}, 1).pValue()).isEqualTo(0.5);
        }

        @Test
        void theMarginIsPositive() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Equivalence.tost(SLEEP, 0))
                    .withMessage("the margin of a test of equivalence must be positive but was 0.0; declare the "
                            + "smallest difference that matters");
        }
    }

    @Nested
    final class Power {

        @ParameterizedTest
        @CsvSource({
            "34, 0.5, 0.05, 0.8077775012792502",
            "33, 0.5, 0.05, 0.7953658414875054",
            "10, 1.0, 0.01, 0.504106730701521",
            "5, -0.2, 0.05, 0.06426957404800655",
        })
        void ofThePairedT(int pairs, double dz, double alpha, double power) {
            assertThat(PowerAnalysis.pairedT(pairs, dz, alpha)).isCloseTo(power, within(1e-6));
        }

        @Test
        void givesTheNumberOfPairs() {
            assertThat(PowerAnalysis.pairsForT(0.5, 0.05, 0.8)).isEqualTo(34);
            assertThat(PowerAnalysis.pairsForT(50, 0.05, 0.8)).isEqualTo(2);
        }

        @ParameterizedTest
        @CsvSource({"60, 0.25, 0.05, 0.7972957088990853", "40, 0.1, 0.1, 0.018708075364806537"})
        void ofMcNemarsTest(int pairs, double gained, double lost, double power) {
            assertThat(PowerAnalysis.mcNemar(pairs, gained, lost, 0.05)).isCloseTo(power, within(1e-10));
        }

        @Test
        void impossiblePlansAreRefused() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> PowerAnalysis.pairedT(1, 0.5, 0.05))
                    .withMessageContaining("at least 2 pairs");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> PowerAnalysis.mcNemar(10, 0.7, 0.7, 0.05))
                    .withMessageContaining("gained + lost <= 1");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> PowerAnalysis.pairsForT(0, 0.05, 0.8))
                    .withMessageContaining("look for a larger one");
        }
    }

    @Test
    void aResultIsAProbability() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TestResult("t", 0, Double.NaN, "none"))
                .withMessage("the p-value of t must be in [0, 1] but was NaN");
    }
}
