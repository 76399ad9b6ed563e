package dev.llmlifecycle.eval.statistics;

/** A sum that carries along what rounding leaves out (A. Neumaier, ZAMM 54, 1974). Not thread-safe. */
final class CompensatedSum {

    private double sum;
    private double rest;

    void add(double value) {
        double next = sum + value;
        rest += Math.abs(sum) >= Math.abs(value) ? (sum - next) + value : (value - next) + sum;
        sum = next;
    }

    double value() {
        return sum + rest;
    }

    /** Returns the mean over n values as two doubles. */
    PreciseMean mean(int n) {
        double high = (sum + rest) / n;
        // The remainder of the division, exact in its first term.
        double low = (Math.fma(-high, n, sum) + rest) / n;
        return new PreciseMean(high + low, low - ((high + low) - high));
    }
}
