package dev.llmlifecycle.eval.statistics;

/**
 * A mean as the unevaluated sum of two doubles, so that differences from it keep their digits where the values share
 * leading ones.
 *
 * @param high the mean, rounded
 * @param low what rounding left out
 */
record PreciseMean(double high, double low) {

    static PreciseMean of(double[] values) {
        CompensatedSum sum = new CompensatedSum();
        for (double value : values) {
            sum.add(value);
        }
        return sum.mean(values.length);
    }

    /** Returns how far a value lies above this mean. */
    double deviation(double value) {
        return (value - high) - low;
    }

    /** Returns how far another mean lies above this one. */
    double deviation(PreciseMean other) {
        return (other.high - high) + (other.low - low);
    }

    /** Returns the sum of squared deviations from this mean, corrected for what is left of their sum. */
    double squares(double[] values) {
        CompensatedSum squares = new CompensatedSum();
        double sum = 0;
        for (double value : values) {
            double deviation = deviation(value);
            squares.add(deviation * deviation);
            sum += deviation;
        }
        return squares.value() - sum * sum / values.length;
    }
}
