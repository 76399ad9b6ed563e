package dev.llmlifecycle.eval.statistics;

import java.util.Arrays;

import dev.llmlifecycle.api.statistics.Interval;

/**
 * An interval of a bounded mean that may be looked at after every value and still covers its level: with the chance of
 * the level, the mean lies in all the intervals there will ever be.
 *
 * <p>It is the hedged capital process of I. Waudby-Smith and A. Ramdas, "Estimating means of bounded random variables
 * by betting", JRSS B 86, 2024, theorem 3, with their predictable plug-in stakes: for each possible mean m, half the
 * capital is bet on values above it and half on values below, {@code K⁺(m) = Π(1 + min(λ_t, 1/(2m)) (x_t - m))} and
 * {@code K⁻(m) = Π(1 - min(λ_t, 1/(2(1 - m))) (x_t - m))}. If m is the mean, nobody gets rich: an m at which
 * {@code max(K⁺, K⁻)/2} ever reaches {@code 1/α} is excluded for good. Means are tried on a grid of a thousandth of the
 * range, and ends are rounded outward to it.
 *
 * <p>Values may depend on the earlier ones, as long as their mean, given those, stays what it is. Success rates are
 * means of 0 and 1, paired differences of success rates means in [-1, 1].
 *
 * <p>Not thread-safe. Memory does not grow.
 *
 * @since 0.1
 */
public final class BettingConfidenceSequence {

    private static final int GRID = 1_000;

    private final BoundedRange range;
    private final double level;
    private final double limit;
    private final BettingStakes stakes;
    private final double[] above = new double[GRID + 1];
    private final double[] below = new double[GRID + 1];
    private final boolean[] alive = new boolean[GRID + 1];
    private int first;
    private int last = GRID;

    private BettingConfidenceSequence(BoundedRange range, double level) {
        Samples.requireShare(level, "a confidence level");
        this.range = range;
        this.level = level;
        this.limit = 2 / (1 - level);
        this.stakes = new BettingStakes((1 - level) / 2);
        Arrays.fill(above, 1);
        Arrays.fill(below, 1);
        Arrays.fill(alive, true);
    }

    /**
     * Starts a sequence for the mean of values in [0, 1], such as a success rate.
     *
     * @param level the coverage in (0, 1), over all looks together
     * @return the sequence
     */
    public static BettingConfidenceSequence ofProportion(double level) {
        return of(0, 1, level);
    }

    /**
     * Starts a sequence for the mean of values in a range.
     *
     * @param low the lowest possible value
     * @param high the highest possible value
     * @param level the coverage in (0, 1), over all looks together
     * @return the sequence
     */
    public static BettingConfidenceSequence of(double low, double high, double level) {
        return new BettingConfidenceSequence(new BoundedRange(low, high), level);
    }

    /**
     * Takes in the next value.
     *
     * @param value in the declared range
     */
    public void observe(double value) {
        double x = range.toUnit(value);
        double stake = stakes.next();
        for (int i = first; i <= last; i++) {
            if (alive[i]) {
                double m = i / (double) GRID;
                // Neither outgrows the limit by much, as the mean is then given up; one that rounds to 0 stays there.
                above[i] *= 1 + Math.min(stake, 0.5 / m) * (x - m);
                below[i] *= 1 - Math.min(stake, 0.5 / (1 - m)) * (x - m);
                alive[i] = Math.max(above[i], below[i]) < limit;
            }
        }
        stakes.observe(x);
        narrow();
    }

    /**
     * Returns how many values there were.
     *
     * @return at least 0
     */
    public long count() {
        return stakes.count();
    }

    /**
     * Returns the interval as it stands; it only ever narrows.
     *
     * @return the whole range at first
     */
    public Interval interval() {
        double low = Math.max(0, first - 1) / (double) GRID;
        double high = Math.min(GRID, last + 1) / (double) GRID;
        return new Interval(range.fromUnit(low), range.fromUnit(high), level);
    }

    private void narrow() {
        int low = first;
        int high = last;
        while (low < high && !alive[low]) {
            low++;
        }
        while (low < high && !alive[high]) {
            high--;
        }
        if (alive[low]) {
            first = low;
            last = high;
        }
    }
}
