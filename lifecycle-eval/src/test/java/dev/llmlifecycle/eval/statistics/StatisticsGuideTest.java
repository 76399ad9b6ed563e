package dev.llmlifecycle.eval.statistics;

import java.util.List;
import java.util.SplittableRandom;

import dev.llmlifecycle.api.statistics.Interval;
import dev.llmlifecycle.api.statistics.PlattScaling;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What {@code docs/statistics.md} shows. */
@NullMarked
final class StatisticsGuideTest {

    @Test
    void comparesScores() {
        double[] before = {0.2, 0.5, 0.4, 0.7, 0.1, 0.6, 0.3, 0.5};
        double[] after = {0.4, 0.6, 0.4, 0.9, 0.3, 0.9, 0.4, 0.7};
        // docs:begin paired
        double[] differences = PairedTests.differences(before, after);
        Bootstrap bootstrap = Bootstrap.withSeed(42);
        TestResult test = PairedTests.permutation(differences, bootstrap);
        Interval mean = bootstrap.bca(differences, d -> Summary.of(d).mean(), 0.95);
        double effect = EffectSizes.cohensDz(differences);
        // docs:end paired
        assertThat(test.pValue()).isEqualTo(2 / 128.0);
        assertThat(mean.low()).isPositive();
        assertThat(effect).isGreaterThan(0.8);
    }

    @Test
    void comparesSeveralMetricsAtOnce() {
        double[] f1Differences = {0.2, 0.1, 0, 0.2, 0.2, 0.3, 0.1, 0.2};
        double[] latencyDifferences = {-120, 40, -310, -80, -150, 20, -90, -200};
        // docs:begin metrics
        List<Interval> intervals = Bootstrap.withSeed(42).means(List.of(f1Differences, latencyDifferences), 0.95);
        // docs:end metrics
        assertThat(intervals.get(0).low()).isPositive();
        assertThat(intervals.get(1).high()).isNegative();
    }

    @Test
    void knowsClusters() {
        double[] scores = {1, 1, 1, 0, 0, 0, 1, 1, 0};
        List<String> conversations = List.of("c1", "c1", "c1", "c2", "c2", "c2", "c3", "c3", "c3");
        // docs:begin clusters
        Interval naive = ConfidenceIntervals.mean(scores, 0.95);
        Interval honest = ConfidenceIntervals.clusteredMean(scores, conversations, 0.95);
        // docs:end clusters
        assertThat(honest.high() - honest.low()).isGreaterThan(naive.high() - naive.low());
    }

    @Test
    void plansAhead() {
        // docs:begin power
        int pairs = PowerAnalysis.pairsForT(0.3, 0.05, 0.8); // a small effect, seen four times out of five
        double chance = PowerAnalysis.mcNemar(200, 0.12, 0.04, 0.05);
        // docs:end power
        assertThat(pairs).isEqualTo(90);
        assertThat(chance).isBetween(0.7, 0.9);
    }

    @Test
    void stopsEarly() {
        SplittableRandom random = new SplittableRandom(1);
        // docs:begin anytime
        BettingConfidenceSequence passRate = BettingConfidenceSequence.ofProportion(0.95);
        while (passRate.interval().low() < 0.8 && passRate.count() < 1_000) {
            passRate.observe(passesNext(random) ? 1 : 0); // looking after every row costs nothing
        }
        // docs:end anytime
        assertThat(passRate.interval().low()).isGreaterThanOrEqualTo(0.8);
        assertThat(passRate.count()).isLessThan(200);
    }

    @Test
    void calibrates() {
        double[] similarities = {0.31, 0.35, 0.42, 0.48, 0.55, 0.61, 0.66, 0.72, 0.8, 0.86};
        boolean[] relevant = {false, false, false, true, false, true, true, false, true, true};
        // docs:begin calibration
        PlattScaling probability = PlattScaling.fit(similarities, relevant);
        double sure = probability.applyAsDouble(0.9);
        // docs:end calibration
        assertThat(sure).isBetween(0.7, 0.95);
    }

    private static boolean passesNext(SplittableRandom random) {
        return random.nextDouble() < 0.95;
    }
}
