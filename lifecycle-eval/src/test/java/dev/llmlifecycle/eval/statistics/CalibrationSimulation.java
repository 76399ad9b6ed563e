package dev.llmlifecycle.eval.statistics;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.IntStream;

import dev.llmlifecycle.api.experiment.Conclusion;
import dev.llmlifecycle.api.experiment.Direction;
import dev.llmlifecycle.api.experiment.PairedRow;
import dev.llmlifecycle.api.experiment.Verdict;
import dev.llmlifecycle.api.experiment.VerdictPolicy;
import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.statistics.ConformalThreshold;
import dev.llmlifecycle.api.statistics.Interval;
import dev.llmlifecycle.api.statistics.McNemarTest;
import dev.llmlifecycle.api.statistics.Proportions;
import org.assertj.core.api.SoftAssertions;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Coverage and false alarms of every procedure over 10,000 seeded runs each; run with {@code -Psimulations}. Writes the
 * table of {@code docs/statistics.md} to {@code target/simulations.md} and fails where the two differ.
 */
@NullMarked
final class CalibrationSimulation {

    private static final int RUNS = 10_000;
    private static final double LEVEL = 0.95;
    private static final double ALPHA = 0.05;
    private static final int RESAMPLES = 999;
    private static final int LOOKS = 500;
    private static final String BEGIN = "<!-- simulations:begin -->\n";
    private static final String END = "<!-- simulations:end -->";

    /** What a rate is held to. */
    private enum Promise {
        /** Never worse than nominal, by proof. */
        GUARANTEED("guaranteed"),
        /** At most two points worse than nominal here. */
        APPROXIMATE("approximate"),
        /** More than two points worse; shown so that nobody is surprised. */
        MISSES("misses");

        private final String word;

        Promise(String word) {
            this.word = word;
        }
    }

    /** One run: 1 where it covered or raised an alarm, else 0, or a share. */
    @FunctionalInterface
    private interface Trial {
        double run(SplittableRandom random);
    }

    private record Row(
            String procedure,
            String setting,
            boolean coverage,
            double nominal,
            Promise promise,
            double observed,
            Interval shown,
            Interval sure) {

        void check(SoftAssertions softly) {
            boolean surelyWorse = coverage ? sure.high() < nominal : sure.low() > nominal;
            boolean misses = (coverage ? nominal - observed : observed - nominal) > 0.02;
            switch (promise) {
                case GUARANTEED -> softly.assertThat(surelyWorse).as(line()).isFalse();
                case APPROXIMATE -> softly.assertThat(misses).as(line()).isFalse();
                case MISSES -> softly.assertThat(misses).as(line()).isTrue();
            }
        }

        String line() {
            return String.format(
                    Locale.ROOT,
                    "| %s | %s | %s %.2f | %.4f | %.4f to %.4f | %s |",
                    procedure,
                    setting,
                    coverage ? "covers" : "alarms",
                    nominal,
                    observed,
                    shown.low(),
                    shown.high(),
                    promise.word);
        }
    }

    private final List<Row> rows = new ArrayList<>();

    @Test
    void coverageAndFalseAlarmsAreWhatTheDocumentationSays() throws IOException {
        proportions();
        means();
        bootstraps();
        groups();
        pairs();
        tests();
        equivalence();
        peeking();
        several();
        verdicts();

        StringBuilder table = new StringBuilder("""
                | procedure | setting | nominal | observed | Monte Carlo 95 % | it is |
                |---|---|---|---|---|---|
                """);
        rows.forEach(row -> table.append(row.line()).append('\n'));
        Files.writeString(Path.of("target/simulations.md"), table);
        SoftAssertions softly = new SoftAssertions();
        rows.forEach(row -> row.check(softly));
        softly.assertAll();
        String page = Files.readString(Path.of("../docs/statistics.md"));
        assertThat(page.substring(page.indexOf(BEGIN) + BEGIN.length(), page.indexOf(END)))
                .as("the table of docs/statistics.md; copy target/simulations.md between its marks")
                .isEqualTo(table.toString());
    }

    private void proportions() {
        for (double share : new double[] {0.5, 0.9}) {
            String setting = "30 rows, p = " + share;
            covers(
                    "Wilson",
                    setting,
                    Promise.APPROXIMATE,
                    random -> ConfidenceIntervals.wilson(passes(random, 30, share), 30, LEVEL)
                            .contains(share));
            covers(
                    "Clopper–Pearson",
                    setting,
                    Promise.GUARANTEED,
                    random -> ConfidenceIntervals.clopperPearson(passes(random, 30, share), 30, LEVEL)
                            .contains(share));
        }
        covers("Wilson", "30 rows, p drawn uniformly", Promise.APPROXIMATE, random -> {
            double share = random.nextDouble();
            return ConfidenceIntervals.wilson(passes(random, 30, share), 30, LEVEL)
                    .contains(share);
        });
    }

    private void means() {
        covers(
                "t",
                "10 normal rows",
                Promise.GUARANTEED,
                random -> ConfidenceIntervals.mean(normal(random, 10), LEVEL).contains(0));
        covers(
                "t",
                "15 exponential rows",
                Promise.MISSES,
                random ->
                        ConfidenceIntervals.mean(exponential(random, 15), LEVEL).contains(1));
        covers(
                "t",
                "200 exponential rows",
                Promise.APPROXIMATE,
                random -> ConfidenceIntervals.mean(exponential(random, 200), LEVEL)
                        .contains(1));
    }

    private void bootstraps() {
        covers(
                "bootstrap percentile",
                "50 normal rows",
                Promise.APPROXIMATE,
                random -> bootstrap(random)
                        .percentile(normal(random, 50), CalibrationSimulation::mean, LEVEL)
                        .contains(0));
        covers(
                "bootstrap percentile",
                "50 exponential rows",
                Promise.MISSES,
                random -> bootstrap(random)
                        .percentile(exponential(random, 50), CalibrationSimulation::mean, LEVEL)
                        .contains(1));
        covers(
                "BCa",
                "50 normal rows",
                Promise.APPROXIMATE,
                random -> bootstrap(random)
                        .bca(normal(random, 50), CalibrationSimulation::mean, LEVEL)
                        .contains(0));
        covers(
                "BCa",
                "50 exponential rows",
                Promise.APPROXIMATE,
                random -> bootstrap(random)
                        .bca(exponential(random, 50), CalibrationSimulation::mean, LEVEL)
                        .contains(1));
    }

    private void groups() {
        List<String> thirty = clusters(30, 5);
        List<String> eight = clusters(8, 5);
        covers(
                "clustered mean",
                "30 clusters of 5, half the variance between",
                Promise.APPROXIMATE,
                random -> ConfidenceIntervals.clusteredMean(clustered(random, 30, 5), thirty, LEVEL)
                        .contains(0));
        covers(
                "clustered mean",
                "8 clusters of 5, half the variance between",
                Promise.APPROXIMATE,
                random -> ConfidenceIntervals.clusteredMean(clustered(random, 8, 5), eight, LEVEL)
                        .contains(0));
        covers(
                "clustered bootstrap",
                "30 clusters of 5, half the variance between",
                Promise.APPROXIMATE,
                random -> bootstrap(random)
                        .clustered(clustered(random, 30, 5), thirty, CalibrationSimulation::mean, LEVEL)
                        .contains(0));
        covers(
                "t, clusters ignored",
                "30 clusters of 5, half the variance between",
                Promise.MISSES,
                random -> ConfidenceIntervals.mean(clustered(random, 30, 5), LEVEL)
                        .contains(0));
        List<String> strata =
                IntStream.range(0, 60).mapToObj(i -> i < 20 ? "common" : "rare").toList();
        Map<String, Double> shares = Map.of("common", 0.8, "rare", 0.2);
        String setting = "20 rows of a stratum of 0.8, 40 of one of 0.2";
        covers(
                "stratified mean",
                setting,
                Promise.APPROXIMATE,
                random -> ConfidenceIntervals.stratifiedMean(stratified(random), strata, shares, LEVEL)
                        .contains(0.2 * 3));
        covers(
                "stratified bootstrap",
                setting,
                Promise.APPROXIMATE,
                random -> bootstrap(random)
                        .stratified(
                                stratified(random),
                                strata,
                                rows -> 0.8 * mean(rows, 0, 20) + 0.2 * mean(rows, 20, 60),
                                LEVEL)
                        .contains(0.2 * 3));
    }

    private void pairs() {
        covers("paired difference", "50 pairs, 0.15 gained, 0.05 lost", Promise.APPROXIMATE, random -> {
            int[] counts = pairs(random, 50, 0.15, 0.05);
            return Proportions.pairedDifference(counts[0], counts[1], 50, LEVEL).contains(0.1);
        });
        covers("paired difference", "300 pairs, 0.08 gained, 0.08 lost", Promise.APPROXIMATE, random -> {
            int[] counts = pairs(random, 300, 0.08, 0.08);
            return Proportions.pairedDifference(counts[0], counts[1], 300, LEVEL)
                    .contains(0);
        });
    }

    private void tests() {
        for (int pairs : new int[] {50, 500}) {
            String setting = pairs + " pairs, 0.1 gained, 0.1 lost";
            alarms("McNemar exact", setting, Promise.GUARANTEED, random -> {
                int[] counts = pairs(random, pairs, 0.1, 0.1);
                return McNemarTest.exactPValue(counts[0], counts[1]) <= ALPHA;
            });
            alarms("McNemar mid-p", setting, Promise.APPROXIMATE, random -> {
                int[] counts = pairs(random, pairs, 0.1, 0.1);
                return McNemarTest.midPValue(counts[0], counts[1]) <= ALPHA;
            });
        }
        alarms(
                "paired t",
                "20 normal differences",
                Promise.GUARANTEED,
                random -> PairedTests.t(normal(random, 20)).pValue() <= ALPHA);
        alarms(
                "paired t",
                "20 skewed differences",
                Promise.MISSES,
                random -> PairedTests.t(Arrays.stream(exponential(random, 20))
                                        .map(x -> x - 1)
                                        .toArray())
                                .pValue()
                        <= ALPHA);
        alarms(
                "clustered t",
                "30 clusters of 5, half the variance between",
                Promise.APPROXIMATE,
                random -> PairedTests.clusteredT(clustered(random, 30, 5), clusters(30, 5))
                                .pValue()
                        <= ALPHA);
        alarms(
                "Wilcoxon, exact",
                "20 differences with ties",
                Promise.GUARANTEED,
                random -> PairedTests.wilcoxon(tied(random, 20)).pValue() <= ALPHA);
        alarms(
                "Wilcoxon, normal",
                "150 differences with ties",
                Promise.APPROXIMATE,
                random -> PairedTests.wilcoxon(tied(random, 150)).pValue() <= ALPHA);
        alarms(
                "permutation, all signs",
                "12 normal differences",
                Promise.GUARANTEED,
                random -> PairedTests.permutation(normal(random, 12), bootstrap(random))
                                .pValue()
                        <= ALPHA);
        alarms(
                "permutation, drawn",
                "40 differences with ties",
                Promise.GUARANTEED,
                random -> PairedTests.permutation(tied(random, 40), bootstrap(random))
                                .pValue()
                        <= ALPHA);
        alarms(
                "paired bootstrap",
                "50 normal differences",
                Promise.APPROXIMATE,
                random -> PairedTests.bootstrap(normal(random, 50), bootstrap(random))
                                .pValue()
                        <= ALPHA);
    }

    private void equivalence() {
        double margin = 0.5;
        alarms(
                "TOST",
                "50 normal differences, the mean at the margin",
                Promise.GUARANTEED,
                random -> Equivalence.tost(shifted(random, 50, margin), margin).pValue() <= ALPHA);
        alarms(
                "non-inferiority",
                "50 normal differences, worse by the margin",
                Promise.GUARANTEED,
                random -> Equivalence.nonInferiority(shifted(random, 50, -margin), margin)
                                .pValue()
                        <= ALPHA);
    }

    private void peeking() {
        String each = LOOKS + " rows, a look after each";
        alarms("e-process", each + ", 0.1 gained, 0.1 lost", Promise.GUARANTEED, random -> {
            BettingEProcess process = BettingEProcess.of(-1, 1, 0, ALPHA);
            for (int i = 0; i < LOOKS; i++) {
                process.observe(pair(random, 0.1, 0.1));
                if (process.value() >= 1 / ALPHA) {
                    return true;
                }
            }
            return false;
        });
        alarms("McNemar exact, peeking", each + ", 0.1 gained, 0.1 lost", Promise.MISSES, random -> {
            int[] counts = new int[2];
            for (int i = 0; i < LOOKS; i++) {
                int pair = pair(random, 0.1, 0.1);
                if (pair != 0) {
                    counts[pair > 0 ? 0 : 1]++;
                    if (McNemarTest.exactPValue(counts[0], counts[1]) <= ALPHA) {
                        return true;
                    }
                }
            }
            return false;
        });
        for (double share : new double[] {0.5, 0.9}) {
            covers("confidence sequence", each + ", p = " + share, Promise.GUARANTEED, random -> {
                BettingConfidenceSequence sequence = BettingConfidenceSequence.ofProportion(LEVEL);
                for (int i = 0; i < LOOKS; i++) {
                    sequence.observe(random.nextDouble() < share ? 1 : 0);
                }
                // It only narrows, so the last interval lies in all the others.
                return sequence.interval().contains(share);
            });
        }
        covers("Wilson, peeking", each + ", p = 0.5", Promise.MISSES, random -> {
            int passed = 0;
            for (int i = 1; i <= LOOKS; i++) {
                passed += random.nextBoolean() ? 1 : 0;
                if (!ConfidenceIntervals.wilson(passed, i, LEVEL).contains(0.5)) {
                    return false;
                }
            }
            return true;
        });
    }

    private void several() {
        alarms("Holm, any alarm", "5 correlated t-tests, no difference", Promise.GUARANTEED, random -> {
            double[] adjusted = MultipleTests.holm(pValues(random, 5, 0, 0.5));
            return Arrays.stream(adjusted).anyMatch(p -> p <= ALPHA);
        });
        alarms("Holm, any false alarm", "5 correlated t-tests, 2 real differences", Promise.GUARANTEED, random -> {
            double[] adjusted = MultipleTests.holm(pValues(random, 5, 2, 0.5));
            return Arrays.stream(adjusted).skip(2).anyMatch(p -> p <= ALPHA);
        });
        alarms(
                "unadjusted, any alarm",
                "5 correlated t-tests, no difference",
                Promise.MISSES,
                random -> Arrays.stream(pValues(random, 5, 0, 0.5)).anyMatch(p -> p <= ALPHA));
        simulate(
                "Benjamini–Hochberg, share of false alarms",
                "10 t-tests, 5 real differences",
                false,
                ALPHA,
                Promise.GUARANTEED,
                random -> {
                    double[] adjusted = MultipleTests.benjaminiHochberg(pValues(random, 10, 5, 0));
                    long all = Arrays.stream(adjusted).filter(p -> p <= ALPHA).count();
                    long wrong = Arrays.stream(adjusted)
                            .skip(5)
                            .filter(p -> p <= ALPHA)
                            .count();
                    return all == 0 ? 0 : wrong / (double) all;
                });
        simulate("conformal threshold", "100 exponential scores", true, 0.9, Promise.GUARANTEED, random -> {
            ConformalThreshold threshold = ConformalThreshold.of(exponential(random, 100), 0.1);
            return threshold.covers(random.nextExponential()) ? 1 : 0;
        });
    }

    private void verdicts() {
        for (int metrics : new int[] {1, 3}) {
            alarms(
                    "verdict IMPROVED or REGRESSED",
                    metrics + (metrics == 1 ? " metric" : " metrics") + ", 100 pairs, 0.1 gained, 0.1 lost",
                    Promise.GUARANTEED,
                    random -> isAlarm(conclude(random, metrics, 100, 0.1, 0.1, 0.05)));
        }
        alarms(
                "verdict EQUIVALENT",
                "1 metric, 300 pairs, 0.2 gained, 0.1 lost, margin 0.1",
                Promise.APPROXIMATE,
                random -> conclude(random, 1, 300, 0.2, 0.1, 0.1) == Conclusion.EQUIVALENT);
        scoreVerdict("40 normal differences of scores", random -> normal(random, 40));
        scoreVerdict("10 normal differences of scores", random -> normal(random, 10));
        scoreVerdict("40 differences of scores in tenths", random -> tied(random, 40));
        scoreVerdict("16 differences of two exponential scores", random -> {
            double[] values = exponential(random, 16);
            Arrays.setAll(values, i -> values[i] - random.nextExponential());
            return values;
        });
        for (int clusters : new int[] {30, 8}) {
            alarms(
                    "verdict IMPROVED or REGRESSED",
                    clusters + " clusters of 5 scores, half the variance between",
                    Promise.APPROXIMATE,
                    random -> isAlarm(concludeScores(
                            VerdictPolicy.builder().clusterBy("conversation"),
                            clustered(random, clusters, 5),
                            clusters(clusters, 5).stream().map(Optional::of).toList())));
        }
        alarms(
                "verdict IMPROVED with a guardrail",
                "40 pairs, better by 1, the guardrail worse by its margin",
                Promise.APPROXIMATE,
                random -> {
                    VerdictPolicy.Builder policy =
                            VerdictPolicy.builder().guardrail("guard", Direction.HIGHER_IS_BETTER, 0.5);
                    List<PairedRow> rows = new ArrayList<>(rows("guard", shifted(random, 40, -0.5)));
                    rows.addAll(rows("score", shifted(random, 40, 1)));
                    return concludeScores(policy, rows) == Conclusion.IMPROVED;
                });
    }

    /** False alarms of a verdict over scores, by the test that its rule takes. */
    private void scoreVerdict(String setting, Function<SplittableRandom, double[]> differences) {
        alarms(
                "verdict IMPROVED or REGRESSED",
                setting,
                Promise.APPROXIMATE,
                random -> isAlarm(concludeScores(VerdictPolicy.builder(), rows("score", differences.apply(random)))));
    }

    private static boolean isAlarm(Conclusion conclusion) {
        return conclusion == Conclusion.IMPROVED || conclusion == Conclusion.REGRESSED;
    }

    private static List<PairedRow> rows(String metric, double[] differences) {
        return IntStream.range(0, differences.length)
                .mapToObj(i -> new PairedRow("q" + i, metric, 0, differences[i]))
                .toList();
    }

    private static Conclusion concludeScores(
            VerdictPolicy.Builder policy, double[] differences, List<Optional<String>> clusters) {
        List<PairedRow> rows = IntStream.range(0, differences.length)
                .mapToObj(i -> new PairedRow("q" + i, "score", 0, differences[i], 1, clusters.get(i)))
                .toList();
        return concludeScores(policy, rows);
    }

    private static Conclusion concludeScores(VerdictPolicy.Builder policy, List<PairedRow> rows) {
        Hash any = Hash.ofCanonicalJson(Map.of());
        return Verdict.compute(
                        policy.alpha(ALPHA)
                                .score("score", Direction.HIGHER_IS_BETTER, 0.1)
                                .build(),
                        any,
                        any,
                        any,
                        rows)
                .conclusion();
    }

    private static Conclusion conclude(
            SplittableRandom random, int metrics, int pairs, double gained, double lost, double margin) {
        VerdictPolicy.Builder policy = VerdictPolicy.builder().alpha(ALPHA);
        List<PairedRow> rows = new ArrayList<>();
        for (int m = 0; m < metrics; m++) {
            policy.metric("m" + m, margin);
            for (int i = 0; i < pairs; i++) {
                int pair = pair(random, gained, lost);
                rows.add(new PairedRow("q" + i, "m" + m, pair < 0, pair > 0));
            }
        }
        Hash any = Hash.ofCanonicalJson(Map.of());
        return Verdict.compute(policy.build(), any, any, any, rows).conclusion();
    }

    private void covers(String procedure, String setting, Promise promise, Predicate<SplittableRandom> trial) {
        simulate(procedure, setting, true, LEVEL, promise, random -> trial.test(random) ? 1 : 0);
    }

    private void alarms(String procedure, String setting, Promise promise, Predicate<SplittableRandom> trial) {
        simulate(procedure, setting, false, ALPHA, promise, random -> trial.test(random) ? 1 : 0);
    }

    private void simulate(
            String procedure, String setting, boolean coverage, double nominal, Promise promise, Trial trial) {
        long first = (long) rows.size() * RUNS;
        double[] outcomes = IntStream.range(0, RUNS)
                .parallel()
                .mapToDouble(run -> trial.run(new SplittableRandom(first + run)))
                .toArray();
        rows.add(new Row(
                procedure,
                setting,
                coverage,
                nominal,
                promise,
                mean(outcomes),
                interval(outcomes, LEVEL),
                interval(outcomes, 0.999)));
    }

    private static Interval interval(double[] outcomes, double level) {
        boolean counts = Arrays.stream(outcomes).allMatch(outcome -> outcome == 0 || outcome == 1);
        return counts
                ? Proportions.wilson(Math.round(Arrays.stream(outcomes).sum()), outcomes.length, level)
                : ConfidenceIntervals.mean(outcomes, level);
    }

    private static Bootstrap bootstrap(SplittableRandom random) {
        return new Bootstrap(random.nextLong(), RESAMPLES);
    }

    private static double mean(double[] values) {
        return mean(values, 0, values.length);
    }

    private static double mean(double[] values, int from, int to) {
        double sum = 0;
        for (int i = from; i < to; i++) {
            sum += values[i];
        }
        return sum / (to - from);
    }

    private static int passes(SplittableRandom random, int rows, double share) {
        int passes = 0;
        for (int i = 0; i < rows; i++) {
            passes += random.nextDouble() < share ? 1 : 0;
        }
        return passes;
    }

    private static int pair(SplittableRandom random, double gained, double lost) {
        double draw = random.nextDouble();
        return draw < gained ? 1 : draw < gained + lost ? -1 : 0;
    }

    private static int[] pairs(SplittableRandom random, int pairs, double gained, double lost) {
        int[] counts = new int[2];
        for (int i = 0; i < pairs; i++) {
            int pair = pair(random, gained, lost);
            counts[0] += pair > 0 ? 1 : 0;
            counts[1] += pair < 0 ? 1 : 0;
        }
        return counts;
    }

    private static double[] normal(SplittableRandom random, int rows) {
        return shifted(random, rows, 0);
    }

    private static double[] shifted(SplittableRandom random, int rows, double mean) {
        double[] values = new double[rows];
        Arrays.setAll(values, i -> mean + random.nextGaussian());
        return values;
    }

    private static double[] exponential(SplittableRandom random, int rows) {
        double[] values = new double[rows];
        Arrays.setAll(values, i -> random.nextExponential());
        return values;
    }

    /** Tenths, symmetric round 0, such as differences of graded scores. */
    private static double[] tied(SplittableRandom random, int rows) {
        double[] values = new double[rows];
        Arrays.setAll(values, i -> {
            int candidate = random.nextInt(11);
            return (candidate - random.nextInt(11)) / 10.0;
        });
        return values;
    }

    private static List<String> clusters(int clusters, int size) {
        return IntStream.range(0, clusters * size).mapToObj(i -> "c" + i / size).toList();
    }

    private static double[] clustered(SplittableRandom random, int clusters, int size) {
        double[] values = new double[clusters * size];
        for (int cluster = 0; cluster < clusters; cluster++) {
            double shared = random.nextGaussian();
            for (int i = 0; i < size; i++) {
                values[cluster * size + i] = shared + random.nextGaussian();
            }
        }
        return values;
    }

    private static double[] stratified(SplittableRandom random) {
        double[] values = new double[60];
        Arrays.setAll(values, i -> i < 20 ? random.nextGaussian() : 3 + 2 * random.nextGaussian());
        return values;
    }

    /** The p-values of t-tests over 30 rows, the first of them with a real difference. */
    private static double[] pValues(SplittableRandom random, int tests, int real, double shared) {
        double[][] values = new double[tests][30];
        for (int row = 0; row < 30; row++) {
            double common = Math.sqrt(shared) * random.nextGaussian();
            for (int test = 0; test < tests; test++) {
                values[test][row] = common + Math.sqrt(1 - shared) * random.nextGaussian() + (test < real ? 0.6 : 0);
            }
        }
        return Arrays.stream(values)
                .mapToDouble(own -> PairedTests.t(own).pValue())
                .toArray();
    }
}
