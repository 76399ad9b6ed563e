package dev.llmlifecycle.api.statistics;

import java.util.Arrays;

/**
 * What flipping signs says of a mean difference: where the arms do not differ, each unit is as likely with either sign
 * (R. A. Fisher, "The Design of Experiments", 1935).
 *
 * <p>Flipping the units S is at least as extreme as what was seen exactly when the mean over S is not above the value
 * that is tested, so the ends of the interval are order statistics of the means of subsets (J. A. Hartigan, "Using
 * Subsample Values as Typical Values", JASA 64, 1969). Up to 20 units all subsets are counted; beyond, 9,999 are drawn
 * by SplitMix64 from a fixed seed, and the p-value is {@code (1 + extreme) / 10,000} (B. Phipson and G. K. Smyth,
 * "Permutation P-values Should Never Be Zero", 2010).
 *
 * <p>Immutable.
 *
 * @since 0.1
 */
public final class SignFlips {

    private static final int MOST_COUNTED = 20;
    private static final int DRAWN = 9_999;

    private final double[] ascendingMeans;
    private final double pValue;
    private final double smallestPValue;

    private SignFlips(double[] ascendingMeans, double pValue, double smallestPValue) {
        this.ascendingMeans = ascendingMeans;
        this.pValue = pValue;
        this.smallestPValue = smallestPValue;
    }

    /** Flips units of the given sums and numbers of pairs. */
    static SignFlips of(double[] sums, int[] sizes) {
        boolean counted = sums.length <= MOST_COUNTED;
        int subsets = counted ? (1 << sums.length) - 1 : DRAWN;
        double[] subsetSums = new double[subsets];
        int[] subsetSizes = new int[subsets];
        if (counted) {
            count(sums, sizes, subsetSums, subsetSizes);
        } else {
            draw(sums, sizes, subsetSums, subsetSizes);
        }
        double all = 0;
        int differing = 0;
        for (double sum : sums) {
            all += Math.abs(sum);
            differing += sum == 0 ? 0 : 1;
        }
        // Sums that are equal on paper differ by rounding.
        double limit = PairedDifferences.ROUNDING * all;
        double notAbove = 1;
        double notBelow = 1;
        for (double sum : subsetSums) {
            notAbove += sum <= limit ? 1 : 0;
            notBelow += sum >= -limit ? 1 : 0;
        }
        double smallest = Math.min(1, Math.scalb(2.0, -differing));
        for (int i = 0; i < subsets; i++) {
            subsetSums[i] /= subsetSizes[i];
        }
        Arrays.sort(subsetSums);
        return new SignFlips(
                subsetSums,
                Math.min(1, 2 * Math.min(notAbove, notBelow) / (subsets + 1)),
                counted ? smallest : Math.max(smallest, 2.0 / (DRAWN + 1)));
    }

    /**
     * Returns the two-sided p-value of "no difference".
     *
     * @return the p-value, never 0
     */
    public double pValue() {
        return pValue;
    }

    /**
     * Returns the smallest p-value that so many units can give.
     *
     * @return what they give where all that differ do so to one side
     */
    public double smallestPValue() {
        return smallestPValue;
    }

    /**
     * Returns the interval of the mean difference: the values that the flips would not reject. It assumes that the
     * units lie symmetrically around their mean.
     *
     * @param level the nominal coverage in (0, 1)
     * @return the interval, unbounded where there are too few units for the level
     */
    public Interval interval(double level) {
        Levels.require(level);
        int outside = (int) Math.floor((1 - level) / 2 * (ascendingMeans.length + 1));
        return outside == 0
                ? new Interval(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, level)
                : new Interval(ascendingMeans[outside - 1], ascendingMeans[ascendingMeans.length - outside], level);
    }

    /** Fills in every subset but the empty one, each from the one without its first unit. */
    private static void count(double[] sums, int[] sizes, double[] subsetSums, int[] subsetSizes) {
        for (int subset = 1; subset <= subsetSums.length; subset++) {
            int unit = Integer.numberOfTrailingZeros(subset);
            int smaller = subset & (subset - 1);
            subsetSums[subset - 1] = sums[unit] + (smaller == 0 ? 0 : subsetSums[smaller - 1]);
            subsetSizes[subset - 1] = sizes[unit] + (smaller == 0 ? 0 : subsetSizes[smaller - 1]);
        }
    }

    private static void draw(double[] sums, int[] sizes, double[] subsetSums, int[] subsetSizes) {
        SplitMix random = new SplitMix();
        for (int i = 0; i < subsetSums.length; i++) {
            double sum = 0;
            int size = 0;
            while (size == 0) {
                sum = 0;
                long bits = 0;
                for (int unit = 0; unit < sums.length; unit++) {
                    bits = (unit & 63) == 0 ? random.next() : bits >>> 1;
                    if ((bits & 1) != 0) {
                        sum += sums[unit];
                        size += sizes[unit];
                    }
                }
            }
            subsetSums[i] = sum;
            subsetSizes[i] = size;
        }
    }

    /**
     * SplitMix64 (G. L. Steele, D. Lea and C. H. Flood, "Fast Splittable Pseudorandom Number Generators", 2014),
     * written out since the platform does not promise its bits for ever.
     */
    private static final class SplitMix {

        private long state = 42;

        long next() {
            state += 0x9e3779b97f4a7c15L;
            long z = (state ^ (state >>> 30)) * 0xbf58476d1ce4e5b9L;
            z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
            return z ^ (z >>> 31);
        }
    }
}
