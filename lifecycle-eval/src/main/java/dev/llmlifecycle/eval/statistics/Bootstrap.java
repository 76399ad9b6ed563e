package dev.llmlifecycle.eval.statistics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;

import dev.llmlifecycle.api.statistics.Interval;
import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * Intervals of any statistic, made by drawing the rows again with replacement (B. Efron and R. J. Tibshirani, "An
 * Introduction to the Bootstrap", 1993).
 *
 * <p>Immutable. A seed gives the same intervals everywhere. Resamples differ from uniform by less than {@code n / 2³²}.
 *
 * @param seed the seed
 * @param resamples how often to draw, at least 100; 10,000 settle the second digit of an end
 * @since 0.1
 */
public record Bootstrap(long seed, int resamples) {

    /** Checks the number of resamples. */
    public Bootstrap {
        if (resamples < 100) {
            throw new IllegalArgumentException(
                    "a bootstrap needs at least 100 resamples but got " + resamples + "; use 10000 if unsure");
        }
    }

    /**
     * Creates a bootstrap of 10,000 resamples.
     *
     * @param seed the seed
     * @return the bootstrap
     */
    public static Bootstrap withSeed(long seed) {
        return new Bootstrap(seed, 10_000);
    }

    /**
     * Returns the percentile interval: the {@code α/2} and {@code 1 - α/2} quantiles of the statistic over resamples
     * (Efron and Tibshirani, chapter 13).
     *
     * @param values finite, at least two
     * @param statistic a function of a resample of the same size
     * @param level the nominal coverage in (0, 1)
     * @return the interval
     */
    public Interval percentile(double[] values, ToDoubleFunction<double[]> statistic, double level) {
        Samples.require(values, 2, "A bootstrap");
        return quantiles(replicates(values, statistic), (1 - level) / 2, (1 + level) / 2, level);
    }

    /**
     * Returns the bias-corrected and accelerated interval, which mends the percentile interval for statistics that are
     * biased or whose spread changes with their value. Its quantiles are {@code Φ(z₀ + (z₀ + z) / (1 - a (z₀ + z)))}
     * with {@code z₀ = Φ⁻¹(share of resamples below the estimate)}, half of the equal ones counted, and the
     * acceleration {@code a = Σd³ / (6 (Σd²)^1.5)} over the jackknife's deviations (B. Efron, "Better Bootstrap
     * Confidence Intervals", JASA 82, 1987; Efron and Tibshirani, chapter 14).
     *
     * @param values finite, at least two
     * @param statistic a function of a sample; it is also asked about samples that miss one value
     * @param level the nominal coverage in (0, 1)
     * @return the interval
     */
    public Interval bca(double[] values, ToDoubleFunction<double[]> statistic, double level) {
        Samples.require(values, 2, "A bootstrap");
        double[] replicates = replicates(values, statistic);
        double estimate = statistic.applyAsDouble(values);
        double below = 0;
        for (double replicate : replicates) {
            below += replicate < estimate ? 1 : replicate == estimate ? 0.5 : 0;
        }
        if (below == 0 || below == replicates.length) {
            // The estimate is an end of its own distribution: there is no bias to correct by.
            return quantiles(replicates, (1 - level) / 2, (1 + level) / 2, level);
        }
        NormalDistribution normal = NormalDistribution.of(0, 1);
        double bias = normal.inverseCumulativeProbability(below / replicates.length);
        double acceleration = acceleration(values, statistic);
        double z = normal.inverseCumulativeProbability((1 + level) / 2);
        return quantiles(
                replicates,
                normal.cumulativeProbability(bias + accelerated(bias - z, acceleration)),
                normal.cumulativeProbability(bias + accelerated(bias + z, acceleration)),
                level);
    }

    /** Returns {@code z / (1 - a z)}, infinite from the pole on, beyond which it would change its sign. */
    private static double accelerated(double z, double acceleration) {
        double divisor = 1 - acceleration * z;
        return divisor > 0 ? z / divisor : Math.copySign(Double.POSITIVE_INFINITY, z);
    }

    /**
     * Returns the percentile interval over resamples of whole clusters, such as conversations, documents or users (A.
     * C. Davison and D. V. Hinkley, "Bootstrap Methods and their Application", 1997, section 3.8).
     *
     * @param values finite
     * @param clusters for each value the cluster it belongs to; at least two in all
     * @param statistic a function of a resample, whose size varies with that of the clusters drawn
     * @param level the nominal coverage in (0, 1)
     * @return the interval
     */
    public Interval clustered(
            double[] values, List<String> clusters, ToDoubleFunction<double[]> statistic, double level) {
        Samples.requireSameLength(values.length, clusters.size(), "A bootstrap of clusters");
        Samples.require(values, 2, "A bootstrap of clusters");
        List<double[]> groups = Samples.positions(clusters).values().stream()
                .map(positions -> pick(values, positions))
                .toList();
        if (groups.size() < 2) {
            throw new IllegalArgumentException("a bootstrap of clusters needs at least two but all " + values.length
                    + " values belong to one; cluster by something finer");
        }
        int largest = groups.stream().mapToInt(group -> group.length).max().orElse(0);
        double[] drawn = new double[Math.multiplyExact(largest, groups.size())];
        SplittableRandom random = new SplittableRandom(seed);
        double[] replicates = new double[resamples];
        for (int b = 0; b < resamples; b++) {
            int size = 0;
            for (int g = 0; g < groups.size(); g++) {
                double[] group = groups.get(random.nextInt(groups.size()));
                System.arraycopy(group, 0, drawn, size, group.length);
                size += group.length;
            }
            replicates[b] = statistic.applyAsDouble(Arrays.copyOf(drawn, size));
        }
        return quantiles(replicates, (1 - level) / 2, (1 + level) / 2, level);
    }

    /**
     * Returns the percentile interval over resamples that draw from each stratum as many as it has.
     *
     * @param values finite
     * @param strata for each value the stratum it belongs to
     * @param statistic a function of a resample, whose values stand at the positions of their strata
     * @param level the nominal coverage in (0, 1)
     * @return the interval
     */
    public Interval stratified(
            double[] values, List<String> strata, ToDoubleFunction<double[]> statistic, double level) {
        Samples.requireSameLength(values.length, strata.size(), "A bootstrap of strata");
        Samples.require(values, 2, "A bootstrap of strata");
        List<int[]> groups = List.copyOf(Samples.positions(strata).values());
        SplittableRandom random = new SplittableRandom(seed);
        double[] replicates = new double[resamples];
        double[] sample = new double[values.length];
        for (int b = 0; b < resamples; b++) {
            for (int[] group : groups) {
                for (int position : group) {
                    sample[position] = values[group[random.nextInt(group.length)]];
                }
            }
            replicates[b] = statistic.applyAsDouble(sample.clone());
        }
        return quantiles(replicates, (1 - level) / 2, (1 + level) / 2, level);
    }

    /**
     * Returns the percentile intervals of the means of several metrics over the same rows, such as the differences of
     * candidate and baseline: the paired bootstrap. All metrics share each resample.
     *
     * @param metrics for each metric its finite values, in one order of rows; at least two rows
     * @param level the nominal coverage in (0, 1)
     * @return one interval for each metric, in order
     */
    public List<Interval> means(List<double[]> metrics, double level) {
        if (metrics.isEmpty()) {
            throw new IllegalArgumentException("a bootstrap of means needs a metric but got none; add one");
        }
        int rows = metrics.get(0).length;
        metrics.forEach(metric -> {
            Samples.requireSameLength(rows, metric.length, "A bootstrap of means");
            Samples.require(metric, 2, "A bootstrap of means");
        });
        double[][] replicates = meanReplicates(metrics, rows);
        List<Interval> intervals = new ArrayList<>();
        for (double[] own : replicates) {
            intervals.add(quantiles(own, (1 - level) / 2, (1 + level) / 2, level));
        }
        return intervals;
    }

    private double[][] meanReplicates(List<double[]> metrics, int rows) {
        int width = metrics.size();
        // The metrics of a row stand side by side, so that a draw touches one line of memory.
        double[] table = new double[rows * width];
        for (int m = 0; m < width; m++) {
            for (int row = 0; row < rows; row++) {
                table[row * width + m] = metrics.get(m)[row];
            }
        }
        SplittableRandom random = new SplittableRandom(seed);
        double[][] replicates = new double[width][resamples];
        double[] sums = new double[width];
        for (int b = 0; b < resamples; b++) {
            Arrays.fill(sums, 0);
            for (int i = 1; i < rows; i += 2) {
                // Two draws at once, so that each waits half as often for the sum before it.
                long bits = random.nextLong();
                int one = index(bits, rows) * width;
                int other = index(bits >>> 32, rows) * width;
                for (int m = 0; m < width; m++) {
                    sums[m] += table[one + m] + table[other + m];
                }
            }
            if ((rows & 1) == 1) {
                int last = index(random.nextLong(), rows) * width;
                for (int m = 0; m < width; m++) {
                    sums[m] += table[last + m];
                }
            }
            for (int m = 0; m < width; m++) {
                replicates[m][b] = sums[m] / rows;
            }
        }
        return replicates;
    }

    /** Returns the mean of each resample. */
    double[] meanReplicates(double[] values) {
        return meanReplicates(List.of(values), values.length)[0];
    }

    private double[] replicates(double[] values, ToDoubleFunction<double[]> statistic) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] replicates = new double[resamples];
        for (int b = 0; b < resamples; b++) {
            double[] sample = new double[values.length];
            long bits = 0;
            for (int i = 0; i < sample.length; i++) {
                bits = (i & 1) == 0 ? random.nextLong() : bits >>> 32;
                sample[i] = values[index(bits, values.length)];
            }
            replicates[b] = statistic.applyAsDouble(sample);
        }
        return replicates;
    }

    private static int index(long bits, int bound) {
        return (int) (((bits & 0xffff_ffffL) * bound) >>> 32);
    }

    static double[] pick(double[] values, int[] positions) {
        return Arrays.stream(positions).mapToDouble(i -> values[i]).toArray();
    }

    private static double acceleration(double[] values, ToDoubleFunction<double[]> statistic) {
        double[] left = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            double[] others = new double[values.length - 1];
            System.arraycopy(values, 0, others, 0, i);
            System.arraycopy(values, i + 1, others, i, others.length - i);
            left[i] = statistic.applyAsDouble(others);
        }
        requireNumbers(left);
        double mean = Arrays.stream(left).average().orElseThrow();
        double squares = 0;
        double cubes = 0;
        for (double value : left) {
            double deviation = mean - value;
            squares += deviation * deviation;
            cubes += deviation * deviation * deviation;
        }
        return squares == 0 ? 0 : cubes / (6 * Math.pow(squares, 1.5));
    }

    private static Interval quantiles(double[] replicates, double low, double high, double level) {
        Samples.requireShare(level, "a confidence level");
        requireNumbers(replicates);
        Arrays.sort(replicates);
        return new Interval(quantile(replicates, low), quantile(replicates, high), level);
    }

    private static void requireNumbers(double[] replicates) {
        for (double replicate : replicates) {
            if (Double.isNaN(replicate)) {
                throw new IllegalArgumentException(
                        "the statistic of a bootstrap is NaN for some resample; use one that "
                                + "is defined when values repeat");
            }
        }
    }

    /** The linear interpolation of order statistics, type 7 of Hyndman and Fan (The American Statistician 50, 1996). */
    private static double quantile(double[] sorted, double share) {
        double position = share * (sorted.length - 1);
        int floor = (int) Math.floor(position);
        int next = Math.min(floor + 1, sorted.length - 1);
        return sorted[floor] + (position - floor) * (sorted[next] - sorted[floor]);
    }
}
