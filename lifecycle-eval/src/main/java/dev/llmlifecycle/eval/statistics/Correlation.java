package dev.llmlifecycle.eval.statistics;

import dev.llmlifecycle.api.statistics.Interval;
import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * Correlation of two scores of the same things, such as a metric and what people say.
 *
 * <p>Thread-safe. A correlation with a constant is undefined and comes out as NaN.
 *
 * @since 0.1
 */
public final class Correlation {

    private Correlation() {}

    /**
     * Returns Pearson's correlation: {@code Σ(x - x̄)(y - ȳ) / √(Σ(x - x̄)² Σ(y - ȳ)²)}.
     *
     * @param x finite, at least two
     * @param y as many
     * @return in [-1, 1], or NaN where one of them is constant
     */
    public static double pearson(double[] x, double[] y) {
        Samples.requireSameLength(x.length, y.length, "A correlation");
        Samples.require(x, 2, "A correlation");
        Samples.require(y, 2, "A correlation");
        PreciseMean meanX = PreciseMean.of(x);
        PreciseMean meanY = PreciseMean.of(y);
        CompensatedSum product = new CompensatedSum();
        for (int i = 0; i < x.length; i++) {
            product.add(meanX.deviation(x[i]) * meanY.deviation(y[i]));
        }
        double squaresX = meanX.squares(x);
        double squaresY = meanY.squares(y);
        if (squaresX == 0 || squaresY == 0) {
            return Double.NaN;
        }
        return Math.max(-1, Math.min(1, product.value() / squaresX * Math.sqrt(squaresX / squaresY)));
    }

    /**
     * Returns Spearman's rank correlation: Pearson's over ranks, ties sharing the middle of theirs (C. Spearman, "The
     * proof and measurement of association between two things", American Journal of Psychology 15, 1904).
     *
     * @param x finite, at least two
     * @param y as many
     * @return in [-1, 1], or NaN where one of them is constant
     */
    public static double spearman(double[] x, double[] y) {
        Samples.requireSameLength(x.length, y.length, "A correlation");
        Samples.require(x, 2, "A correlation");
        Samples.require(y, 2, "A correlation");
        return pearson(Ranks.of(x), Ranks.of(y));
    }

    /**
     * Returns the correlation of x and y that is left when z is held fixed: {@code (r_xy - r_xz r_yz) / √((1 - r_xz²)(1
     * - r_yz²))}. With ranks instead of values it is Spearman's.
     *
     * @param xy the correlation of x and y
     * @param xz the correlation of x and z
     * @param yz the correlation of y and z
     * @return in [-1, 1], or NaN where z determines one of them
     */
    public static double partial(double xy, double xz, double yz) {
        double spread = Math.sqrt((1 - xz * xz) * (1 - yz * yz));
        return spread == 0 ? Double.NaN : Math.max(-1, Math.min(1, (xy - xz * yz) / spread));
    }

    /**
     * Returns the autocorrelation of a sequence: {@code Σ(x_i - x̄)(x_{i+lag} - x̄) / Σ(x_i - x̄)²}. Far from 0, rows
     * are not independent and tests that assume so are too sure.
     *
     * @param values finite, more than {@code lag}
     * @param lag how far apart, at least 1
     * @return in [-1, 1], or NaN for a constant
     */
    public static double autocorrelation(double[] values, int lag) {
        if (lag < 1) {
            throw new IllegalArgumentException("the lag of an autocorrelation must be at least 1 but was " + lag);
        }
        Samples.require(values, lag + 1, "An autocorrelation of lag " + lag);
        PreciseMean mean = PreciseMean.of(values);
        CompensatedSum product = new CompensatedSum();
        for (int i = lag; i < values.length; i++) {
            product.add(mean.deviation(values[i]) * mean.deviation(values[i - lag]));
        }
        double squares = mean.squares(values);
        return squares == 0 ? Double.NaN : product.value() / squares;
    }

    /**
     * Returns Fisher's interval of a Pearson correlation: {@code tanh(artanh(r) ± z/√(n - 3))} (R. A. Fisher, Metron 1,
     * 1921). It assumes a bivariate normal distribution; for other scores use {@link Bootstrap}.
     *
     * @param r the correlation, in [-1, 1]
     * @param n from how many pairs, at least 4
     * @param level the nominal coverage in (0, 1)
     * @return the interval, inside [-1, 1]
     */
    public static Interval fisherInterval(double r, int n, double level) {
        Samples.requireShare(level, "a confidence level");
        if (!(r >= -1 && r <= 1) || n < 4) {
            throw new IllegalArgumentException("Fisher's interval needs a correlation in [-1, 1] of at least 4 pairs "
                    + "but got " + r + " of " + n + "; collect more rows");
        }
        double half = NormalDistribution.of(0, 1).inverseCumulativeProbability(0.5 + level / 2) / Math.sqrt(n - 3);
        double z = 0.5 * (Math.log1p(r) - Math.log1p(-r));
        return new Interval(Math.tanh(z - half), Math.tanh(z + half), level);
    }
}
