package dev.llmlifecycle.api.statistics;

/**
 * Tail and quantiles of Student's t distribution with a whole number of degrees of freedom.
 *
 * <p>The two-sided tail is the incomplete beta function {@code I(ν/(ν + t²); ν/2, 1/2)} by its continued fraction
 * (Abramowitz and Stegun, "Handbook of Mathematical Functions", 26.5.8 and 26.7.1), evaluated from the front (W. J.
 * Lentz, Applied Optics 15, 1976).
 */
final class StudentT {

    private static final int MOST_TERMS = 10_000;
    private static final double PRECISION = 1e-16;
    private static final double TINY = 1e-300;

    private StudentT() {}

    /** Returns P(|T| >= |t|). */
    static double twoSided(double t, int freedom) {
        double square = t * t;
        if (Double.isInfinite(square)) {
            return 0;
        }
        // Both shares by themselves: one minus the other would lose the digits of the smaller.
        double share = square / (freedom + square);
        double rest = freedom / (freedom + square);
        double half = freedom / 2.0;
        double logRest = share < 0.5 ? StrictMath.log1p(-share) : StrictMath.log(rest);
        double front = StrictMath.exp(half * logRest) * Math.sqrt(share) / beta(freedom);
        if (rest < (half + 1) / (half + 2.5)) {
            return front * continuedFraction(half, 0.5, rest) / half;
        }
        return Math.max(0, 1 - front * continuedFraction(0.5, half, share) / 0.5);
    }

    /** Returns the t with P(|T| >= t) = 1 - level. */
    static double critical(double level, int freedom) {
        Levels.require(level);
        double tail = 1 - level;
        double low = 0;
        double high = 1;
        while (twoSided(high, freedom) > tail) {
            low = high;
            high *= 2;
        }
        double middle = (low + high) / 2;
        while (low < middle && middle < high) {
            if (twoSided(middle, freedom) > tail) {
                low = middle;
            } else {
                high = middle;
            }
            middle = (low + high) / 2;
        }
        return high;
    }

    /** B(ν/2, 1/2), stepwise from B(1/2, 1/2) = π or B(1, 1/2) = 2. */
    private static double beta(int freedom) {
        double beta = freedom % 2 == 0 ? 2 : Math.PI;
        for (int nu = freedom % 2 == 0 ? 2 : 1; nu < freedom; nu += 2) {
            beta *= nu / (nu + 1.0);
        }
        return beta;
    }

    private static double continuedFraction(double a, double b, double x) {
        double c = 1;
        double d = reciprocal(1 - (a + b) * x / (a + 1));
        double fraction = d;
        for (int m = 1; m <= MOST_TERMS; m++) {
            double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
            d = reciprocal(1 + even * d);
            c = awayFromZero(1 + even / c);
            fraction *= d * c;
            double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
            d = reciprocal(1 + odd * d);
            c = awayFromZero(1 + odd / c);
            double step = d * c;
            fraction *= step;
            if (Math.abs(step - 1) <= PRECISION) {
                break;
            }
        }
        return fraction;
    }

    private static double reciprocal(double value) {
        return 1 / awayFromZero(value);
    }

    private static double awayFromZero(double value) {
        return Math.abs(value) < TINY ? TINY : value;
    }
}
