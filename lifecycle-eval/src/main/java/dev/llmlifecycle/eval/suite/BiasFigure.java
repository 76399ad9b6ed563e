package dev.llmlifecycle.eval.suite;

import java.util.Objects;
import java.util.OptionalDouble;

import dev.llmlifecycle.api.statistics.Interval;

/**
 * One measure of bias about one group or pair of groups.
 *
 * <p>Immutable.
 *
 * @param measure what was measured, such as {@code demographic parity difference}
 * @param group whom it is about, such as {@code female - male}
 * @param value the number
 * @param interval its interval
 * @param n how many rows or pairs it rests on, at least 1
 * @param pValue the chance of a number at least as extreme where the groups are treated alike, where it was tested
 * @since 0.1
 */
public record BiasFigure(String measure, String group, double value, Interval interval, long n, OptionalDouble pValue) {

    /** Checks the number. */
    public BiasFigure {
        Objects.requireNonNull(measure, "measure");
        Objects.requireNonNull(group, "group");
        Objects.requireNonNull(interval, "interval");
        Objects.requireNonNull(pValue, "pValue");
        if (!Double.isFinite(value) || n < 1) {
            throw new IllegalArgumentException("the figure '" + measure + "' of '" + group
                    + "' must be finite and rest on at least one row but was " + value + " of " + n);
        }
    }

    /** Returns this figure with another p-value, as after an adjustment for many tests. */
    BiasFigure withPValue(double adjusted) {
        return new BiasFigure(measure, group, value, interval, n, OptionalDouble.of(adjusted));
    }
}
