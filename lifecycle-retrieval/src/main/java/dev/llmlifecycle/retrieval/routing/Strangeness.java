package dev.llmlifecycle.retrieval.routing;

import java.util.Arrays;
import java.util.List;

/**
 * How unlike the examples a text is, from 0 to 1.
 *
 * <p>Without examples of what is out of scope, {@code 1 - sqrt(p) (0.7 c + 0.3 n)}: p the probability of the first
 * intent, c the cosine to the nearest mean of an intent, n that to the nearest example. With such examples, a logistic
 * regression on the same three.
 *
 * <p>Immutable.
 */
final class Strangeness {

    private static final int SIGNS = 3;
    private static final double CENTRE = 0.7;
    private static final double RIDGE = 1;
    private static final int MOST_STEPS = 50;
    private static final double FLOOR = 1e-6;

    /** Empty without out-of-scope examples; else one for each sign, and the intercept. */
    private final double[] coefficients;

    private final double[] means;
    private final double[] deviations;

    private Strangeness(double[] coefficients, double[] means, double[] deviations) {
        this.coefficients = coefficients;
        this.means = means;
        this.deviations = deviations;
    }

    static Strangeness plain() {
        return new Strangeness(new double[0], new double[0], new double[0]);
    }

    static double[] signs(double probability, Evidence evidence) {
        return new double[] {StrictMath.log(Math.max(FLOOR, probability)), evidence.mostCentral(), evidence.nearest()};
    }

    /** Fits, both sides weighing the same. */
    static Strangeness fit(List<double[]> inside, List<double[]> outside) {
        double[] means = new double[SIGNS];
        double[] deviations = new double[SIGNS];
        int count = inside.size() + outside.size();
        for (List<double[]> side : List.of(inside, outside)) {
            for (double[] signs : side) {
                for (int i = 0; i < SIGNS; i++) {
                    means[i] += signs[i] / count;
                }
            }
        }
        for (List<double[]> side : List.of(inside, outside)) {
            for (double[] signs : side) {
                for (int i = 0; i < SIGNS; i++) {
                    deviations[i] += (signs[i] - means[i]) * (signs[i] - means[i]) / count;
                }
            }
        }
        for (int i = 0; i < SIGNS; i++) {
            deviations[i] = Math.max(FLOOR, Math.sqrt(deviations[i]));
        }
        double[] coefficients = new double[SIGNS + 1];
        for (int step = 0; step < MOST_STEPS; step++) {
            Strangeness present = new Strangeness(coefficients, means, deviations);
            double[] gradient = new double[SIGNS + 1];
            SymmetricMatrix curvature = new SymmetricMatrix(SIGNS + 1).scaled(0, RIDGE);
            present.add(inside, 0, 1, gradient, curvature);
            present.add(outside, 1, inside.size() / (double) outside.size(), gradient, curvature);
            for (int i = 0; i < gradient.length; i++) {
                gradient[i] -= RIDGE * coefficients[i];
            }
            if (!curvature.factor()) {
                break;
            }
            double[] moved = curvature.solve(gradient);
            double length = 0;
            coefficients = coefficients.clone();
            for (int i = 0; i < moved.length; i++) {
                coefficients[i] += moved[i];
                length += Math.abs(moved[i]);
            }
            if (length < FLOOR) {
                break;
            }
        }
        return new Strangeness(coefficients, means, deviations);
    }

    private void add(List<double[]> side, double label, double weight, double[] gradient, SymmetricMatrix curvature) {
        for (double[] signs : side) {
            double[] inputs = inputs(signs);
            double probability = logistic(inputs);
            for (int i = 0; i < inputs.length; i++) {
                gradient[i] += weight * (label - probability) * inputs[i];
            }
            curvature.addOuter(inputs, weight * probability * (1 - probability));
        }
    }

    private double[] inputs(double[] signs) {
        double[] inputs = Arrays.copyOf(signs, SIGNS + 1);
        for (int i = 0; i < SIGNS; i++) {
            inputs[i] = (signs[i] - means[i]) / deviations[i];
        }
        inputs[SIGNS] = 1;
        return inputs;
    }

    private double logistic(double[] inputs) {
        double sum = 0;
        for (int i = 0; i < inputs.length; i++) {
            sum += coefficients[i] * inputs[i];
        }
        return 1 / (1 + StrictMath.exp(-sum));
    }

    double of(double[] signs) {
        if (coefficients.length > 0) {
            return logistic(inputs(signs));
        }
        double near = CENTRE * signs[1] + (1 - CENTRE) * signs[2];
        return 1 - Math.min(1, StrictMath.exp(signs[0] / 2) * Math.max(0, near));
    }
}
