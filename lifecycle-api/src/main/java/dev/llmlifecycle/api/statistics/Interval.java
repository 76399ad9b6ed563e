package dev.llmlifecycle.api.statistics;

/**
 * A confidence interval.
 *
 * <p>Immutable.
 *
 * @param low the lower end
 * @param high the upper end, at least {@code low}
 * @param level the nominal coverage in (0, 1), such as 0.95
 * @since 0.1
 */
public record Interval(double low, double high, double level) {

    /** Checks order and level. */
    public Interval {
        if (!(low <= high)) {
            throw new IllegalArgumentException(
                    "an interval must have low <= high but was [" + low + ", " + high + "]; check the inputs for NaN");
        }
        Levels.require(level);
    }

    /**
     * Tells whether a value lies inside, ends included.
     *
     * @param value the value
     * @return true when {@code low <= value <= high}
     */
    public boolean contains(double value) {
        return low <= value && value <= high;
    }

    /**
     * Tells whether all of this interval lies inside {@code (-margin, margin)}.
     *
     * @param margin the margin, positive
     * @return true when both ends are inside
     */
    public boolean within(double margin) {
        return -margin < low && high < margin;
    }
}
