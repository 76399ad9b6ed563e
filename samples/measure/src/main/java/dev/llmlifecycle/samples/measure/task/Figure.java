package dev.llmlifecycle.samples.measure.task;

import java.util.Objects;

import dev.llmlifecycle.api.statistics.Interval;
import dev.llmlifecycle.api.statistics.Proportions;

/**
 * One number about one set, with its uncertainty.
 *
 * <p>Immutable.
 *
 * @param set the set it is about, such as {@code xquad/en}
 * @param name what was measured, such as {@code recall@1}
 * @param value the number
 * @param interval its 95 % interval
 * @param n how many rows it rests on
 * @param note a word on it, such as a verdict; mostly empty
 * @since 0.1
 */
public record Figure(String set, String name, double value, Interval interval, long n, String note) {

    /** The coverage of all intervals. */
    public static final double LEVEL = 0.95;

    /** Checks the number and its interval. */
    public Figure {
        Objects.requireNonNull(set, "set");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(note, "note");
        if (!Double.isFinite(value) || n < 1) {
            throw new IllegalArgumentException("figure '" + name + "' of " + set
                    + " must be finite and rest on at least one row but was " + value + " of " + n
                    + "; leave it out where there is nothing to count");
        }
        if (interval.level() != LEVEL) {
            throw new IllegalArgumentException("the interval of figure '" + name + "' of " + set + " must have level "
                    + LEVEL + " but has " + interval.level() + "; compute it for that level");
        }
    }

    /**
     * Creates a figure without a note.
     *
     * @param set the set it is about
     * @param name what was measured
     * @param value the number
     * @param interval its 95 % interval
     * @param n how many rows it rests on
     */
    public Figure(String set, String name, double value, Interval interval, long n) {
        this(set, name, value, interval, n, "");
    }

    /**
     * Creates a figure that is known exactly for these rows, such as a p-value, with itself as interval.
     *
     * @param set the set it is about
     * @param name what was computed
     * @param value the number
     * @param n how many rows it rests on
     * @return the figure
     */
    public static Figure exact(String set, String name, double value, long n) {
        return new Figure(set, name, value, new Interval(value, value, LEVEL), n);
    }

    /**
     * Creates a share with Wilson's interval.
     *
     * @param set the set it is about
     * @param name what was measured
     * @param successes how often it happened
     * @param n how often it could have, at least 1
     * @return the figure
     */
    public static Figure share(String set, String name, long successes, long n) {
        Interval interval = Proportions.wilson(successes, n, LEVEL);
        return new Figure(set, name, (double) successes / n, interval, n);
    }
}
