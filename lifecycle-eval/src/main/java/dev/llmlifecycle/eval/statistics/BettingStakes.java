package dev.llmlifecycle.eval.statistics;

/**
 * How much of the capital to bet on the next value, decided from those before it: {@code √(2 log(1/α) / (σ̂² t log(t +
 * 1)))}, the predictable plug-in stakes of Waudby-Smith and Ramdas. Not thread-safe.
 */
final class BettingStakes {

    private final double logInverse;
    private long count;
    private double sum;
    private double squares;

    BettingStakes(double alpha) {
        this.logInverse = -Math.log(alpha);
    }

    /** Returns the stake on the next value, before it is seen. */
    double next() {
        double variance = (0.25 + squares) / (count + 1);
        double t = count + 1;
        return Math.sqrt(2 * logInverse / (variance * t * Math.log(t + 1)));
    }

    /** Takes in a value of [0, 1]. */
    void observe(double value) {
        count++;
        sum += value;
        double mean = (0.5 + sum) / (count + 1);
        squares += (value - mean) * (value - mean);
    }

    long count() {
        return count;
    }
}
