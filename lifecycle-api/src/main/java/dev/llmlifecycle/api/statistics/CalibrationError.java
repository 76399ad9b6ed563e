package dev.llmlifecycle.api.statistics;

/**
 * How far stated probabilities are from what happened.
 *
 * <p>Thread-safe.
 *
 * @since 0.1
 */
public final class CalibrationError {

    private CalibrationError() {}

    /**
     * Returns the Brier score: {@code Σ(p - y)² / n} (G. W. Brier, "Verification of forecasts expressed in terms of
     * probability", Monthly Weather Review 78, 1950, in its form for two classes).
     *
     * @param probabilities in [0, 1], at least one
     * @param outcomes as many: what happened
     * @return in [0, 1]; 0 is best, 0.25 what saying one half always gives
     */
    public static double brier(double[] probabilities, boolean[] outcomes) {
        require(probabilities, outcomes);
        double sum = 0;
        for (int i = 0; i < probabilities.length; i++) {
            double miss = probabilities[i] - (outcomes[i] ? 1 : 0);
            sum += miss * miss;
        }
        return sum / probabilities.length;
    }

    /**
     * Returns the expected calibration error over bins of equal width: {@code Σ_b n_b/n |share that happened - mean
     * probability|} (C. Guo, G. Pleiss, Y. Sun and K. Q. Weinberger, "On Calibration of Modern Neural Networks", ICML
     * 2017). A bin holds the probabilities above its lower end and up to its upper one, the first also 0.
     *
     * @param probabilities in [0, 1], at least one
     * @param outcomes as many: what happened
     * @param bins at least 1; 10 or 15 are usual
     * @return in [0, 1]; 0 is best
     */
    public static double expected(double[] probabilities, boolean[] outcomes, int bins) {
        require(probabilities, outcomes);
        if (bins < 1) {
            throw new IllegalArgumentException("a calibration error needs at least 1 bin but got " + bins);
        }
        double[] gap = new double[bins];
        for (int i = 0; i < probabilities.length; i++) {
            // Rounding must not push an upper end into the next bin: 0.07 * 100 is a little more than 7.
            int bin = Math.max(0, (int) Math.ceil(probabilities[i] * bins - 1e-9) - 1);
            gap[bin] += (outcomes[i] ? 1 : 0) - probabilities[i];
        }
        double sum = 0;
        for (double each : gap) {
            sum += Math.abs(each);
        }
        return sum / probabilities.length;
    }

    private static void require(double[] probabilities, boolean[] outcomes) {
        Labelled.requireSameLength(probabilities.length, outcomes.length, "A calibration error");
        Labelled.requireFinite(probabilities, 1, "A calibration error");
        for (double probability : probabilities) {
            if (probability < 0 || probability > 1) {
                throw new IllegalArgumentException("a calibration error needs probabilities in [0, 1] but got "
                        + probability + "; calibrate scores first, with PlattScaling or IsotonicCalibration");
            }
        }
    }
}
