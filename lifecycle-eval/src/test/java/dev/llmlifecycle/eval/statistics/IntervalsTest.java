package dev.llmlifecycle.eval.statistics;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

import dev.llmlifecycle.api.statistics.Interval;
import dev.llmlifecycle.api.statistics.Proportions;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

/** Intervals against an independent computation in exact or arbitrary arithmetic. */
@NullMarked
final class IntervalsTest {

    /** Student's sleep data: extra hours under the second drug minus the first. */
    static final double[] SLEEP = {1.2, 2.4, 1.3, 1.3, 0, 1, 1.8, 0.8, 4.6, 1.4};

    private static final double[] VALUES = {1, 2, 3, 4, 6, 5, 2, 8};

    private static double mean(double[] values) {
        return Summary.of(values).mean();
    }

    @Nested
    final class OfProportions {

        @ParameterizedTest
        @CsvSource({
            "7, 20, 0.95, 0.15390920478454118, 0.592188534532828",
            "1, 100, 0.9, 0.0005128014162622929, 0.046559811453538984",
            "0, 10, 0.95, 0, 0.3084971078187607",
            "10, 10, 0.95, 0.6915028921812392, 1",
        })
        void clopperPearson(long successes, long trials, double level, double low, double high) {
            Interval interval = ConfidenceIntervals.clopperPearson(successes, trials, level);
            assertThat(interval.low()).isCloseTo(low, within(1e-12));
            assertThat(interval.high()).isCloseTo(high, within(1e-12));
        }

        @Test
        void wilsonIsThatOfTheKernelAndNarrower() {
            Interval wilson = ConfidenceIntervals.wilson(7, 20, 0.95);
            assertThat(wilson).isEqualTo(Proportions.wilson(7, 20, 0.95));
            Interval exact = ConfidenceIntervals.clopperPearson(7, 20, 0.95);
            assertThat(wilson.high() - wilson.low()).isLessThan(exact.high() - exact.low());
        }

        @Test
        void impossibleCountsAreRefused() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> ConfidenceIntervals.clopperPearson(3, 2, 0.95))
                    .withMessage("a proportion needs 0 <= successes <= trials and trials >= 1 but got 3 of 2; check "
                            + "the counts");
            assertThatIllegalArgumentException().isThrownBy(() -> ConfidenceIntervals.clopperPearson(0, 0, 0.95));
            assertThatIllegalArgumentException().isThrownBy(() -> ConfidenceIntervals.clopperPearson(1, 2, 1));
        }
    }

    @Nested
    final class OfMeans {

        @Test
        void studentsIntervalOfTheSleepData() {
            Interval interval = ConfidenceIntervals.mean(SLEEP, 0.95);
            assertThat(interval.low()).isCloseTo(0.7001142367230143, within(1e-12));
            assertThat(interval.high()).isCloseTo(2.459885763276986, within(1e-12));
        }

        @Test
        void aConstantHasAnIntervalOfItself() {
            assertThat(ConfidenceIntervals.mean(new double[] {2, 2, 2}, 0.9)).isEqualTo(new Interval(2, 2, 0.9));
        }

        @Test
        void clusters() {
            List<String> clusters = List.of("a", "a", "b", "b", "c", "c", "d", "d");
            Interval interval = ConfidenceIntervals.clusteredMean(VALUES, clusters, 0.95);
            assertThat(interval.low()).isCloseTo(1.015590737607678, within(1e-9));
            assertThat(interval.high()).isCloseTo(6.734409262392322, within(1e-9));
        }

        @Test
        void clustersOfOneAreStudentsInterval() {
            List<String> clusters =
                    IntStream.range(0, SLEEP.length).mapToObj(Integer::toString).toList();
            Interval clustered = ConfidenceIntervals.clusteredMean(SLEEP, clusters, 0.95);
            Interval student = ConfidenceIntervals.mean(SLEEP, 0.95);
            assertThat(clustered.low()).isCloseTo(student.low(), within(1e-12));
            assertThat(clustered.high()).isCloseTo(student.high(), within(1e-12));
        }

        @Test
        void strata() {
            Interval interval = ConfidenceIntervals.stratifiedMean(
                    VALUES, List.of("a", "a", "a", "a", "b", "b", "b", "b"), Map.of("a", 0.7, "b", 0.3), 0.95);
            assertThat(interval.low()).isCloseTo(1.8762866929469726, within(1e-9));
            assertThat(interval.high()).isCloseTo(4.773713307053027, within(1e-9));
        }

        @Test
        void strataWithoutSpreadHaveNoWidth() {
            Interval interval = ConfidenceIntervals.stratifiedMean(
                    new double[] {1, 1, 3, 3}, List.of("a", "a", "b", "b"), Map.of("a", 0.5, "b", 0.5), 0.95);
            assertThat(interval).isEqualTo(new Interval(2, 2, 0.95));
        }

        @Test
        void wrongInputSaysWhatIsWrong() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> ConfidenceIntervals.mean(new double[] {1}, 0.95))
                    .withMessage("The interval of a mean needs at least 2 values but got 1; collect more rows");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> ConfidenceIntervals.mean(new double[] {1, Double.NaN}, 0.95))
                    .withMessage("The interval of a mean needs finite numbers but value 1 is NaN; leave that row out "
                            + "or score it");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> ConfidenceIntervals.mean(SLEEP, 95))
                    .withMessage("a confidence level must be in (0, 1) but was 95.0; 0.05 is five per cent");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> ConfidenceIntervals.clusteredMean(new double[] {1, 2}, List.of("a", "a"), 0.95))
                    .withMessage("a clustered mean needs at least two clusters but all 2 values belong to one; cluster "
                            + "by something finer");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> ConfidenceIntervals.clusteredMean(new double[] {1, 2}, List.of("a"), 0.95))
                    .withMessage("A clustered mean needs lists of one length but got 2 and 1; match them row by row");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> ConfidenceIntervals.stratifiedMean(
                            new double[] {1, 2}, List.of("a", "a"), Map.of("b", 1.0), 0.95))
                    .withMessage("a stratified mean needs a share for each stratum, none below 0 and 1 in sum, but the "
                            + "values come from [a] and the shares, 1.0 in sum, are {b=1.0}; take them from the "
                            + "population");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> ConfidenceIntervals.stratifiedMean(
                            new double[] {1, 2, 3, 4}, List.of("a", "a", "b", "b"), Map.of("a", 1.5, "b", -0.5), 0.95))
                    .withMessageContaining("none below 0");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> ConfidenceIntervals.stratifiedMean(
                            new double[] {1, 2, 3}, List.of("a", "a", "b"), Map.of("a", 0.5, "b", 0.5), 0.95))
                    .withMessageStartingWith("Stratum 'b' needs at least 2 values");
        }
    }

    @Nested
    final class OfTheBootstrap {

        private final double[] skewed = {1, 2.13, 4.37, 7.91, 15.29, 5.03};

        @Test
        void agreesWithTheBootstrapThatDrawsEveryResampleOnce() {
            Bootstrap bootstrap = new Bootstrap(1, 200_000);
            Interval percentile = bootstrap.percentile(skewed, IntervalsTest::mean, 0.9);
            assertThat(percentile.low()).isCloseTo(3.0617, within(0.05));
            assertThat(percentile.high()).isCloseTo(9.3783, within(0.05));
            Interval bca = bootstrap.bca(skewed, IntervalsTest::mean, 0.9);
            assertThat(bca.low()).isCloseTo(3.4667, within(0.05));
            assertThat(bca.high()).isCloseTo(10.1567, within(0.2));
        }

        @Test
        void aSeedGivesTheSameIntervalAndAnotherSeedAnother() {
            Bootstrap bootstrap = Bootstrap.withSeed(7);
            Interval interval = bootstrap.percentile(SLEEP, IntervalsTest::mean, 0.95);
            assertThat(bootstrap.percentile(SLEEP, IntervalsTest::mean, 0.95)).isEqualTo(interval);
            assertThat(Bootstrap.withSeed(8).percentile(SLEEP, IntervalsTest::mean, 0.95))
                    .isNotEqualTo(interval);
        }

        @Test
        void anEstimateAtTheEndOfItsDistributionFallsBackToPercentiles() {
            Bootstrap bootstrap = new Bootstrap(1, 500);
            double[] constant = {3, 3, 3};
            assertThat(bootstrap.bca(constant, IntervalsTest::mean, 0.95)).isEqualTo(new Interval(3, 3, 0.95));
            assertThat(bootstrap.bca(skewed, values -> Arrays.equals(values, skewed) ? -1 : mean(values), 0.9))
                    .isEqualTo(bootstrap.percentile(skewed, IntervalsTest::mean, 0.9));
        }

        @Test
        void aQuantileBeyondThePoleOfTheCorrectionIsTheEndOfTheReplicates() {
            double[] values = new double[40];
            values[0] = 1;
            // Nearly all resamples lie under an estimate that is pushed up, and one row decides the acceleration.
            Interval interval = new Bootstrap(1, 2_000)
                    .bca(
                            values,
                            sample -> Arrays.stream(sample).sum() + (Arrays.equals(sample, values) ? 3.5 : 0),
                            0.9999);
            assertThat(interval.high()).isGreaterThanOrEqualTo(interval.low());
        }

        @Test
        void meansOfSeveralMetricsShareTheResamplesAndAgreeWithOneAtATime() {
            double[] doubled = Arrays.stream(SLEEP).map(x -> 2 * x).toArray();
            List<Interval> both = Bootstrap.withSeed(3).means(List.of(SLEEP, doubled), 0.95);
            assertThat(both.get(1).low()).isCloseTo(2 * both.get(0).low(), within(1e-12));
            Interval alone = Bootstrap.withSeed(3).percentile(SLEEP, IntervalsTest::mean, 0.95);
            assertThat(both.get(0).low()).isCloseTo(alone.low(), within(1e-12));
            assertThat(both.get(0).high()).isCloseTo(alone.high(), within(1e-12));
        }

        @Test
        void clustersThatAgreeWithinWidenTheInterval() {
            double[] values = {0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1, 1};
            List<String> clusters =
                    List.of("a", "a", "a", "a", "b", "b", "b", "b", "c", "c", "c", "c", "d", "d", "d", "d");
            Bootstrap bootstrap = Bootstrap.withSeed(5);
            Interval rows = bootstrap.percentile(values, IntervalsTest::mean, 0.9);
            Interval clustered = bootstrap.clustered(values, clusters, IntervalsTest::mean, 0.9);
            assertThat(clustered.low()).isLessThan(rows.low());
            assertThat(clustered.high()).isGreaterThan(rows.high());
            assertThat(clustered.low()).isZero();
        }

        @Test
        void strataKeepTheirShares() {
            double[] values = {0, 0, 0, 1, 1, 1};
            List<String> strata = List.of("a", "a", "a", "b", "b", "b");
            assertThat(Bootstrap.withSeed(5).stratified(values, strata, IntervalsTest::mean, 0.9))
                    .isEqualTo(new Interval(0.5, 0.5, 0.9));
        }

        @Test
        void wrongInputSaysWhatIsWrong() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new Bootstrap(1, 10))
                    .withMessage("a bootstrap needs at least 100 resamples but got 10; use 10000 if unsure");
            Bootstrap bootstrap = new Bootstrap(1, 100);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> bootstrap.percentile(SLEEP, values -> Double.NaN, 0.9))
                    .withMessage("the statistic of a bootstrap is NaN for some resample; use one that is defined when "
                            + "values repeat");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> bootstrap.means(List.of(), 0.9))
                    .withMessage("a bootstrap of means needs a metric but got none; add one");
            assertThatIllegalArgumentException()
                    .isThrownBy(
                            () -> bootstrap.clustered(new double[] {1, 2}, List.of("a", "a"), IntervalsTest::mean, 0.9))
                    .withMessageContaining("cluster by something finer");
        }
    }

    @Test
    void coverTheTruthAboutAsOftenAsTheySay() {
        int runs = 400;
        int student = 0;
        int bca = 0;
        int clustered = 0;
        int naive = 0;
        List<String> clusters =
                IntStream.range(0, 60).mapToObj(i -> "c" + i / 3).toList();
        for (int run = 0; run < runs; run++) {
            SplittableRandom random = new SplittableRandom(1_000 + run);
            double[] values = random.doubles(60).toArray();
            student += ConfidenceIntervals.mean(values, 0.9).contains(0.5) ? 1 : 0;
            bca += new Bootstrap(run, 400).bca(values, IntervalsTest::mean, 0.9).contains(0.5) ? 1 : 0;
            double[] grouped = new double[60];
            for (int i = 0; i < 60; i += 3) {
                Arrays.fill(grouped, i, i + 3, random.nextDouble());
            }
            clustered +=
                    ConfidenceIntervals.clusteredMean(grouped, clusters, 0.9).contains(0.5) ? 1 : 0;
            naive += ConfidenceIntervals.mean(grouped, 0.9).contains(0.5) ? 1 : 0;
        }
        // Four standard errors of a share of 0.9 over 400 runs are 0.06.
        assertThat(student / (double) runs).isBetween(0.84, 0.96);
        assertThat(bca / (double) runs).isBetween(0.84, 0.96);
        assertThat(clustered / (double) runs).isBetween(0.84, 0.96);
        assertThat(naive / (double) runs).isLessThan(0.8);
    }

    @Test
    void fishersIntervalOfACorrelation() {
        Interval interval = Correlation.fisherInterval(0.5, 28, 0.95);
        assertThat(interval.low()).isCloseTo(0.15602836252908606, within(1e-12));
        assertThat(interval.high()).isCloseTo(0.7358184794439374, within(1e-12));
        assertThat(Correlation.fisherInterval(1, 10, 0.95)).isEqualTo(new Interval(1, 1, 0.95));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Correlation.fisherInterval(0.5, 3, 0.95))
                .withMessageContaining("at least 4 pairs");
    }

    @Test
    void correlationsWithAConstantAreUndefined() {
        double[] constant = {1, 1, 1};
        double[] rising = {1, 2, 4};
        assertThat(Correlation.pearson(constant, rising)).isNaN();
        assertThat(Correlation.spearman(rising, constant)).isNaN();
        assertThat(Correlation.autocorrelation(constant, 1)).isNaN();
        assertThat(Correlation.partial(0.5, 1, 0.5)).isNaN();
        assertThat(Correlation.spearman(rising, rising)).isEqualTo(1);
        assertThatIllegalArgumentException().isThrownBy(() -> Correlation.autocorrelation(rising, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> Correlation.pearson(rising, new double[] {1, 2}));
    }

    @Test
    void oneValueHasNoSpread() {
        Summary summary = Summary.of(3);
        assertThat(summary.mean()).isEqualTo(3);
        assertThat(summary.standardDeviation()).isNaN();
        assertThat(Summary.of(3, -1).min()).isEqualTo(-1);
        assertThat(Summary.of(3, -1).max()).isEqualTo(3);
    }

    @Test
    void anovaSaysWhetherClustersMatter() {
        List<double[]> alike = List.of(new double[] {1, 1.1}, new double[] {5, 5.1}, new double[] {9, 9.1});
        OneWayAnova anova = OneWayAnova.of(alike);
        assertThat(anova.intraclassCorrelation()).isGreaterThan(0.99);
        assertThat(anova.pValue()).isLessThan(1e-4);
        List<double[]> unlike = List.of(new double[] {1, 9}, new double[] {2, 8}, new double[] {5, 5});
        assertThat(OneWayAnova.of(unlike).intraclassCorrelation()).isNegative();
        assertThat(OneWayAnova.of(unlike).pValue()).isEqualTo(1);
        assertThat(OneWayAnova.of(List.of(new double[] {1, 1}, new double[] {1}))
                        .pValue())
                .isNaN();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OneWayAnova.of(List.of(new double[] {1, 2})))
                .withMessage("an analysis of variance needs at least two groups but got 1");
    }
}
