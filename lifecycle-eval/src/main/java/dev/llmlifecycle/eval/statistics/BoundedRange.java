package dev.llmlifecycle.eval.statistics;

/** A range of values, and its map onto [0, 1]. */
record BoundedRange(double low, double high) {

    BoundedRange {
        if (!(low < high && Double.isFinite(high - low))) {
            throw new IllegalArgumentException("a bounded mean needs a finite range with low < high but got [" + low
                    + ", " + high + "]; use [0, 1] for success rates, [-1, 1] for their differences");
        }
    }

    double toUnit(double value) {
        if (!(value >= low && value <= high)) {
            throw new IllegalArgumentException("a value must be in the declared range [" + low + ", " + high
                    + "] but was " + value + "; declare the range before the first value");
        }
        return (value - low) / (high - low);
    }

    double fromUnit(double share) {
        return low + share * (high - low);
    }
}
