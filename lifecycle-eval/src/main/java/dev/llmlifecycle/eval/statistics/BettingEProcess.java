package dev.llmlifecycle.eval.statistics;

/**
 * Evidence, at any time, that a bounded mean lies above a value: the capital of one who bets against "it does not".
 *
 * <p>{@code E_t = Π(1 + λ_i (x_i - m))} with predictable stakes {@code λ_i <= 1/(2m)} on values mapped to [0, 1]. Under
 * "the mean is at most m" its expectation never exceeds 1, so by Ville's inequality it ever reaches {@code 1/α} with
 * chance at most α, whenever one looks or stops (A. Ramdas, P. Grünwald, V. Vovk and G. Shafer, "Game-theoretic
 * statistics and safe anytime-valid inference", Statistical Science 38, 2023; the stakes are those of
 * {@link BettingConfidenceSequence}). To test for "below", negate the values.
 *
 * <p>Not thread-safe.
 *
 * @since 0.1
 */
public final class BettingEProcess {

    private final BoundedRange range;
    private final double mean;
    private final BettingStakes stakes;
    private double logCapital;
    private double logHighest;

    private BettingEProcess(BoundedRange range, double mean, double alpha) {
        Samples.requireShare(alpha, "alpha");
        this.range = range;
        this.mean = range.toUnit(mean);
        this.stakes = new BettingStakes(alpha);
    }

    /**
     * Starts a process against "the mean is at most this".
     *
     * @param low the lowest possible value
     * @param high the highest possible value
     * @param mean the value in question, in the range; 0 for a paired difference
     * @param alpha the rate of false alarms that the stakes aim at, in (0, 1); any other may be read off too
     * @return the process
     */
    public static BettingEProcess of(double low, double high, double mean, double alpha) {
        return new BettingEProcess(new BoundedRange(low, high), mean, alpha);
    }

    /**
     * Takes in the next value.
     *
     * @param value in the declared range
     */
    public void observe(double value) {
        double x = range.toUnit(value);
        double stake = mean == 0 ? stakes.next() : Math.min(stakes.next(), 0.5 / mean);
        logCapital += Math.log1p(stake * (x - mean));
        logHighest = Math.max(logHighest, logCapital);
        stakes.observe(x);
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
     * Returns the evidence as it stands; 1 at first, 20 is as strong as a p-value of 0.05.
     *
     * @return at least 0
     */
    public double value() {
        return Math.exp(logCapital);
    }

    /**
     * Returns a p-value that is valid at any time: one by the highest evidence so far.
     *
     * @return in [0, 1]
     */
    public double pValue() {
        return Math.exp(-logHighest);
    }
}
