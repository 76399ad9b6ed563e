package dev.llmlifecycle.api.statistics;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The differences of two arms on the same examples, and what they say of the mean difference: by Student's t, and by
 * {@linkplain SignFlips flipping signs}.
 *
 * <p>A unit is what is independent of the rest: an example, or a cluster of examples such as a conversation. With
 * clusters the standard error is {@code √(G/(G - 1) Σ_g (Σ_{i in g} (d_i - d̄))²) / n} with {@code G - 1} degrees of
 * freedom (K.-Y. Liang and S. L. Zeger, Biometrika 73, 1986), which for clusters of one is Student's.
 *
 * <p>Immutable. Equal on every JVM for differences in the same order.
 *
 * @since 0.1
 */
public final class PairedDifferences {

    /** How much of a sum may be due to rounding. */
    static final double ROUNDING = 1e-11;

    private final int pairs;
    private final double[] sums;
    private final int[] sizes;
    private final double mean;
    private final double[] deviations;

    private PairedDifferences(double[] differences, int[] units, int count) {
        this.pairs = differences.length;
        this.sums = new double[count];
        this.sizes = new int[count];
        this.deviations = new double[count];
        double total = 0;
        for (int i = 0; i < pairs; i++) {
            sums[units[i]] += differences[i];
            sizes[units[i]]++;
            total += differences[i];
        }
        double first = total / pairs;
        double rest = 0;
        for (double difference : differences) {
            rest += difference - first;
        }
        this.mean = first + rest / pairs;
        for (int i = 0; i < pairs; i++) {
            deviations[units[i]] += differences[i] - mean;
        }
    }

    /**
     * Takes differences that are independent of each other.
     *
     * @param differences candidate minus baseline, finite, at least one
     * @return the differences, each a unit
     */
    public static PairedDifferences of(double... differences) {
        require(differences);
        int[] units = new int[differences.length];
        Arrays.setAll(units, i -> i);
        return new PairedDifferences(differences, units, units.length);
    }

    /**
     * Takes differences of which those of one cluster may resemble each other.
     *
     * @param differences candidate minus baseline, finite, at least one
     * @param clusters for each difference the cluster it belongs to
     * @return the differences, each cluster a unit
     */
    public static PairedDifferences clustered(double[] differences, List<String> clusters) {
        require(differences);
        if (clusters.size() != differences.length) {
            throw new IllegalArgumentException("paired differences need a cluster each but there are "
                    + differences.length + " and " + clusters.size() + " clusters; match them row by row");
        }
        Map<String, Integer> numbers = new LinkedHashMap<>();
        int[] units = new int[differences.length];
        for (int i = 0; i < units.length; i++) {
            units[i] = numbers.computeIfAbsent(clusters.get(i), key -> numbers.size());
        }
        return new PairedDifferences(differences, units, numbers.size());
    }

    /**
     * Returns the mean difference.
     *
     * @return candidate minus baseline
     */
    public double mean() {
        return mean;
    }

    /**
     * Returns how many units there are.
     *
     * @return pairs, or clusters of them
     */
    public int units() {
        return sums.length;
    }

    /**
     * Returns the standard error of the mean difference.
     *
     * @return the error, robust to clusters; infinite for a single unit
     */
    public double standardError() {
        double count = units();
        return count == 1 ? Double.POSITIVE_INFINITY : Math.sqrt(count / (count - 1) * power(2)) / pairs;
    }

    /**
     * Tells whether all units are alike, so that nothing can be said of their spread.
     *
     * @return true also for a single unit
     */
    public boolean isConstant() {
        double largest = 0;
        for (double sum : sums) {
            largest = Math.max(largest, Math.abs(sum));
        }
        double limit = ROUNDING * largest;
        for (double deviation : deviations) {
            if (Math.abs(deviation) > limit) {
                return false;
            }
        }
        return true;
    }

    /**
     * Returns the skewness of the units, {@code (Σe³/G) / (Σe²/G)^1.5} over what each deviates from the mean.
     *
     * @return 0 where they are constant
     */
    public double skewness() {
        double variance = power(2) / units();
        return isConstant() ? 0 : power(3) / units() / (variance * Math.sqrt(variance));
    }

    /**
     * Returns how far the unit that deviates most lies from the mean, in standard deviations of the units.
     *
     * @return 0 where they are constant
     */
    public double largestDeviation() {
        double largest = 0;
        for (double deviation : deviations) {
            largest = Math.max(largest, Math.abs(deviation));
        }
        return isConstant() ? 0 : largest / Math.sqrt(power(2) / (units() - 1.0));
    }

    /**
     * Returns the two-sided p-value of "no difference" by Student's t.
     *
     * @return the p-value; 1 for a single unit or constant zero, 0 for another constant
     */
    public double tPValue() {
        double error = standardError();
        if (isConstant() && units() > 1) {
            return mean == 0 ? 1 : 0;
        }
        return StudentT.twoSided(mean / error, Math.max(1, units() - 1));
    }

    /**
     * Returns Student's interval of the mean difference.
     *
     * @param level the nominal coverage in (0, 1)
     * @return the interval, unbounded for a single unit
     */
    public Interval tInterval(double level) {
        Levels.require(level);
        if (units() == 1) {
            return new Interval(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, level);
        }
        double half = isConstant() ? 0 : StudentT.critical(level, units() - 1) * standardError();
        return new Interval(mean - half, mean + half, level);
    }

    /**
     * Flips the signs of the units.
     *
     * @return what the flips say
     */
    public SignFlips signFlips() {
        return SignFlips.of(sums, sizes);
    }

    private double power(int exponent) {
        double total = 0;
        for (double deviation : deviations) {
            total += exponent == 2 ? deviation * deviation : deviation * deviation * deviation;
        }
        return total;
    }

    private static void require(double[] differences) {
        if (differences.length == 0) {
            throw new IllegalArgumentException("paired differences need at least one pair but got none; collect rows");
        }
        for (int i = 0; i < differences.length; i++) {
            if (!Double.isFinite(differences[i])) {
                throw new IllegalArgumentException("paired differences must be finite but number " + i + " is "
                        + differences[i] + "; leave that pair out or score it");
            }
        }
    }
}
