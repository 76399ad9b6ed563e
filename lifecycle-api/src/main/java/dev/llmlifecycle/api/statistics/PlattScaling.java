package dev.llmlifecycle.api.statistics;

import java.util.function.DoubleUnaryOperator;

/**
 * Turns scores into probabilities by a logistic curve: {@code p = 1 / (1 + exp(-(slope · score + intercept)))}.
 *
 * <p>Immutable. Fitted by maximum likelihood to the smoothed targets {@code (n₊ + 1)/(n₊ + 2)} and {@code 1/(n₋ + 2)}
 * (J. Platt, "Probabilistic Outputs for Support Vector Machines", 1999), by Newton's method with backtracking (H.-T.
 * Lin, C.-J. Lin and R. C. Weng, "A note on Platt's probabilistic outputs for support vector machines", Machine
 * Learning 68, 2007). Takes a few dozen labelled scores.
 *
 * @param slope of the curve
 * @param intercept of the curve
 * @since 0.1
 */
public record PlattScaling(double slope, double intercept) implements DoubleUnaryOperator {

    private static final int MOST_STEPS = 100;
    private static final double RIDGE = 1e-12;

    /**
     * Fits the curve.
     *
     * @param scores finite, at least two
     * @param labels for each score whether the case was positive; both kinds must be there
     * @return the curve
     */
    public static PlattScaling fit(double[] scores, boolean[] labels) {
        Labelled.require(scores, labels, "Platt scaling");
        double positives = Labelled.positives(labels);
        double high = (positives + 1) / (positives + 2);
        double low = 1 / (labels.length - positives + 2);
        // Newton's method works on scores of unit spread.
        double mean = mean(scores);
        double spread = standardDeviation(scores, mean);
        double scale = spread == 0 ? 1 : spread;
        double[] x = new double[scores.length];
        double[] target = new double[scores.length];
        for (int i = 0; i < x.length; i++) {
            x[i] = (scores[i] - mean) / scale;
            target[i] = labels[i] ? high : low;
        }
        double a = 0;
        double b = StrictMath.log((positives + 1) / (labels.length - positives + 1));
        double loss = loss(x, target, a, b);
        for (int step = 0; step < MOST_STEPS; step++) {
            double gradientA = 0;
            double gradientB = 0;
            double aa = RIDGE;
            double ab = 0;
            double bb = RIDGE;
            for (int i = 0; i < x.length; i++) {
                double p = logistic(a * x[i] + b);
                double miss = p - target[i];
                double weight = p * (1 - p);
                gradientA += miss * x[i];
                gradientB += miss;
                aa += weight * x[i] * x[i];
                ab += weight * x[i];
                bb += weight;
            }
            if (Math.abs(gradientA) + Math.abs(gradientB) < 1e-10 * x.length) {
                break;
            }
            double determinant = aa * bb - ab * ab;
            double moveA = -(bb * gradientA - ab * gradientB) / determinant;
            double moveB = -(aa * gradientB - ab * gradientA) / determinant;
            double size = 1;
            double next = loss(x, target, a + moveA, b + moveB);
            while (!(next <= loss) && size > 1e-10) {
                size /= 2;
                next = loss(x, target, a + size * moveA, b + size * moveB);
            }
            if (!(next <= loss)) {
                break;
            }
            a += size * moveA;
            b += size * moveB;
            loss = next;
        }
        return new PlattScaling(a / scale, b - a * mean / scale);
    }

    @Override
    public double applyAsDouble(double score) {
        return logistic(slope * score + intercept);
    }

    private static double mean(double[] scores) {
        // Against the first score, so that leading digits in common cost nothing.
        double sum = 0;
        for (double score : scores) {
            sum += score - scores[0];
        }
        return scores[0] + sum / scores.length;
    }

    private static double standardDeviation(double[] scores, double mean) {
        double sum = 0;
        for (double score : scores) {
            sum += (score - mean) * (score - mean);
        }
        return StrictMath.sqrt(sum / (scores.length - 1));
    }

    private static double logistic(double z) {
        return z >= 0 ? 1 / (1 + StrictMath.exp(-z)) : StrictMath.exp(z) / (1 + StrictMath.exp(z));
    }

    private static double loss(double[] x, double[] target, double a, double b) {
        double loss = 0;
        for (int i = 0; i < x.length; i++) {
            double z = a * x[i] + b;
            // log(1 + e^z) - target z, without overflow.
            loss += Math.max(z, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(z))) - target[i] * z;
        }
        return loss;
    }
}
