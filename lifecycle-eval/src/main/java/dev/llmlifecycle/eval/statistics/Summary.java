package dev.llmlifecycle.eval.statistics;

/**
 * Count, mean and spread of a sample.
 *
 * <p>Immutable. The sums are compensated (A. Neumaier, ZAMM 54, 1974) and the deviations taken from a mean of twice the
 * precision, so that values with many leading digits in common lose none.
 *
 * @param count how many values
 * @param mean {@code x̄ = Σx / n}
 * @param standardDeviation {@code s = √(Σ(x - x̄)² / (n - 1))}; NaN for a single value
 * @param min the smallest value
 * @param max the largest value
 * @since 0.1
 */
public record Summary(int count, double mean, double standardDeviation, double min, double max) {

    /**
     * Summarises a sample.
     *
     * @param values finite, at least one
     * @return the summary
     */
    public static Summary of(double... values) {
        Samples.require(values, 1, "A summary");
        PreciseMean mean = PreciseMean.of(values);
        double min = values[0];
        double max = values[0];
        for (double value : values) {
            min = Math.min(min, value);
            max = Math.max(max, value);
        }
        double deviation =
                values.length == 1 ? Double.NaN : Math.sqrt(Math.max(0, mean.squares(values)) / (values.length - 1));
        return new Summary(values.length, mean.high(), deviation, min, max);
    }

    /**
     * Returns the standard error of the mean.
     *
     * @return {@code s / √n}
     */
    public double standardError() {
        return standardDeviation / Math.sqrt(count);
    }
}
