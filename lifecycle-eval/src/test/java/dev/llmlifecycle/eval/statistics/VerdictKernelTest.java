package dev.llmlifecycle.eval.statistics;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import dev.llmlifecycle.api.experiment.Direction;
import dev.llmlifecycle.api.experiment.PairedRow;
import dev.llmlifecycle.api.experiment.PairedRows;
import dev.llmlifecycle.api.experiment.Verdict;
import dev.llmlifecycle.api.experiment.VerdictPolicy;
import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.statistics.Interval;
import dev.llmlifecycle.api.statistics.PairedDifferences;
import org.apache.commons.statistics.distribution.TDistribution;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/** The small kernel that verdicts are recomputed with agrees with the statistics in full. */
@NullMarked
final class VerdictKernelTest {

    private static final double AGREEMENT = 1e-9;

    @ParameterizedTest
    @CsvSource({"2, 1", "3, 2", "20, 3", "31, 4", "200, 5", "5000, 6", "100000, 7"})
    void onStudentsTest(int count, long seed) {
        double[] values = gaussian(count, seed);
        PairedDifferences kernel = PairedDifferences.of(values);

        assertThat(kernel.tPValue()).isCloseTo(PairedTests.t(values).pValue(), within(AGREEMENT));
        for (double level : new double[] {0.8, 0.9, 0.95, 0.999}) {
            same(kernel.tInterval(level), ConfidenceIntervals.mean(values, level));
        }
        assertThat(kernel.standardError()).isCloseTo(Summary.of(values).standardError(), within(AGREEMENT));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 7, 19, 30, 99, 100, 1_000, 50_000})
    void onTheTailsOfStudentsDistribution(int freedom) {
        double[] values = gaussian(freedom + 1, freedom);
        Summary summary = Summary.of(values);
        for (double t : new double[] {0.001, 0.3, 1, 2, 3.5, 8, 30}) {
            double shift = t * summary.standardError() - summary.mean();
            double[] shifted = new double[values.length];
            for (int i = 0; i < shifted.length; i++) {
                shifted[i] = values[i] + shift;
            }
            double reference = 2 * TDistribution.of(freedom).survivalProbability(t);
            assertThat(PairedDifferences.of(shifted).tPValue()).isCloseTo(reference, within(AGREEMENT));
            assertThat(PairedDifferences.of(shifted).tPValue() / reference).isCloseTo(1, within(1e-6));
        }
    }

    @ParameterizedTest
    @CsvSource({"40, 2, 1", "40, 7, 2", "500, 25, 3", "5000, 400, 4"})
    void onClusters(int count, int clusters, long seed) {
        Random random = new Random(seed);
        double[] values = gaussian(count, seed);
        List<String> names = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            names.add("c" + (i < clusters ? i : random.nextInt(clusters)));
        }
        PairedDifferences kernel = PairedDifferences.clustered(values, names);

        assertThat(kernel.tPValue())
                .isCloseTo(PairedTests.clusteredT(values, names).pValue(), within(AGREEMENT));
        same(kernel.tInterval(0.95), ConfidenceIntervals.clusteredMean(values, names, 0.95));
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 2", "5, 3", "12, 4", "16, 5", "20, 6"})
    void onSignFlips(int count, long seed) {
        double[] values = gaussian(count, seed);
        for (int i = 0; i < count; i += 4) {
            values[i] = Math.rint(values[i]);
        }

        assertThat(PairedDifferences.of(values).signFlips().pValue())
                .isCloseTo(
                        PairedTests.permutation(values, Bootstrap.withSeed(1)).pValue(), within(AGREEMENT));
    }

    @Test
    void onSignFlipsThatAreDrawnUpToTheirChance() {
        double[] values = gaussian(300, 8);

        assertThat(PairedDifferences.of(values).signFlips().pValue())
                .isCloseTo(
                        PairedTests.permutation(values, Bootstrap.withSeed(1)).pValue(), within(0.03));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void onHolmOverTheMetrics(long seed) {
        Random random = new Random(seed);
        VerdictPolicy.Builder policy = VerdictPolicy.builder();
        List<PairedRow> rows = new ArrayList<>();
        for (int metric = 0; metric < 5; metric++) {
            policy.metric("m" + metric, 0.05);
            double share = 0.4 + 0.1 * metric;
            for (int i = 0; i < 100; i++) {
                rows.add(new PairedRow("e" + i, "m" + metric, random.nextBoolean(), random.nextDouble() < share));
            }
        }
        Verdict verdict = Verdict.compute(
                policy.build(), new PairedRows(Hash.ofUtf8("c"), Hash.ofUtf8("b"), Hash.ofUtf8("d"), rows));

        double[] adjusted = MultipleTests.holm(verdict.metrics().stream()
                .mapToDouble(metric -> metric.pValue())
                .toArray());
        for (int metric = 0; metric < 5; metric++) {
            assertThat(verdict.metrics().get(metric).adjustedPValue()).isCloseTo(adjusted[metric], within(AGREEMENT));
        }
    }

    /** The rule chooses a test before it looks at who wins, so the chosen test still has its false alarms. */
    @ParameterizedTest
    @CsvSource({"12, false, 300", "30, false, 300", "40, true, 50"})
    void hasFalseAlarmsAsDeclaredWhereNothingDiffers(int count, boolean skewed, int runs) {
        Random random = new Random(count);
        VerdictPolicy policy = VerdictPolicy.builder()
                .score("f1", Direction.HIGHER_IS_BETTER, 0.01)
                .build();
        int alarms = 0;
        for (int run = 0; run < runs; run++) {
            List<PairedRow> rows = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                rows.add(new PairedRow("e" + i, "f1", draw(random, skewed), draw(random, skewed)));
            }
            Verdict verdict =
                    Verdict.compute(policy, new PairedRows(Hash.ofUtf8("c"), Hash.ofUtf8("b"), Hash.ofUtf8("d"), rows));
            alarms += verdict.metrics().get(0).pValue() <= 0.05 ? 1 : 0;
        }

        assertThat(alarms / (double) runs).isLessThan(0.05 + 4 * Math.sqrt(0.05 * 0.95 / runs));
    }

    private static double draw(Random random, boolean skewed) {
        return skewed ? Math.exp(2 * random.nextGaussian()) : random.nextGaussian();
    }

    private static double[] gaussian(int count, long seed) {
        Random random = new Random(seed);
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = 0.2 + random.nextGaussian();
        }
        return values;
    }

    private static void same(Interval kernel, Interval reference) {
        assertThat(kernel.low()).isCloseTo(reference.low(), within(AGREEMENT));
        assertThat(kernel.high()).isCloseTo(reference.high(), within(AGREEMENT));
    }
}
