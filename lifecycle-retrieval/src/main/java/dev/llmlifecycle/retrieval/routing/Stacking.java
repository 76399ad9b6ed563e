package dev.llmlifecycle.retrieval.routing;

import java.util.Arrays;
import java.util.List;

/**
 * One weight for each kind of evidence, so that the weighted sum of all gives the probabilities of the intents: a
 * conditional logit (D. McFadden, "Conditional Logit Analysis of Qualitative Choice Behavior", 1974), fitted by
 * Newton's method with no weight below zero, since no evidence speaks against its own intent.
 *
 * <p>Immutable.
 */
final class Stacking {

    private static final int MOST_STEPS = 100;
    private static final double RIDGE = 1e-4;
    private static final double ENOUGH = 1e-9;
    private static final double SMALLEST_STEP = 1e-4;

    private final double[] weights;
    private final double loss;

    Stacking(double[] weights, double loss) {
        this.weights = weights;
        this.loss = loss;
    }

    /** A case with a known intent; its evidence is minus infinity in every kind where the intent was not there. */
    static final class Case {

        private final double[][] evidence;
        private final int truth;

        Case(double[][] evidence, int truth) {
            this.evidence = evidence;
            this.truth = truth;
        }

        double[][] evidence() {
            return evidence;
        }

        int truth() {
            return truth;
        }
    }

    /** Returns the weights of the kinds of evidence. */
    double[] weights() {
        return weights;
    }

    /** Returns the mean of the negative logarithm of the probability of the right intent, where it was fitted. */
    double loss() {
        return loss;
    }

    /** Fits the weights. Kinds are brought to one scale first, so that the ridge treats them alike. */
    static Stacking fit(List<Case> cases, int kinds) {
        double[] scales = scales(cases, kinds);
        double[] weights = new double[kinds];
        Arrays.fill(weights, 1);
        double loss = loss(cases, weights, scales);
        for (int step = 0; step < MOST_STEPS; step++) {
            double[] direction = direction(cases, weights, scales);
            double length = 1;
            double[] moved = moved(weights, direction, length);
            double next = loss(cases, moved, scales);
            while (!(next < loss - ENOUGH) && length > SMALLEST_STEP) {
                length /= 2;
                moved = moved(weights, direction, length);
                next = loss(cases, moved, scales);
            }
            if (!(next < loss - ENOUGH)) {
                break;
            }
            weights = moved;
            loss = next;
        }
        for (int kind = 0; kind < kinds; kind++) {
            weights[kind] /= scales[kind];
        }
        return new Stacking(weights, loss);
    }

    /** Returns the probabilities of the intents. */
    double[] probabilities(double[][] evidence) {
        return probabilities(evidence, weights);
    }

    private static double[] probabilities(double[][] evidence, double[] weights) {
        double[] scores = new double[evidence[0].length];
        for (int kind = 0; kind < weights.length; kind++) {
            // Zero times minus infinity is no number.
            double weight = Math.max(weights[kind], Double.MIN_NORMAL);
            for (int intent = 0; intent < scores.length; intent++) {
                scores[intent] += weight * evidence[kind][intent];
            }
        }
        Softmax.inPlace(scores);
        return scores;
    }

    private static double[] moved(double[] weights, double[] direction, double length) {
        double[] moved = new double[weights.length];
        for (int i = 0; i < weights.length; i++) {
            moved[i] = Math.max(0, weights[i] + length * direction[i]);
        }
        return moved;
    }

    private static double loss(List<Case> cases, double[] weights, double[] scales) {
        double[] scaled = scaled(weights, scales);
        double loss = 0;
        for (Case each : cases) {
            loss -= StrictMath.log(Math.max(1e-300, probabilities(each.evidence(), scaled)[each.truth()]));
        }
        double penalty = 0;
        for (double weight : weights) {
            penalty += RIDGE * weight * weight;
        }
        return loss / cases.size() + penalty;
    }

    private static double[] scaled(double[] weights, double[] scales) {
        double[] scaled = new double[weights.length];
        for (int i = 0; i < weights.length; i++) {
            scaled[i] = weights[i] / scales[i];
        }
        return scaled;
    }

    /** Returns Newton's step for the weights that are free to move. */
    private static double[] direction(List<Case> cases, double[] weights, double[] scales) {
        int kinds = weights.length;
        double[] gradient = new double[kinds];
        double[][] curvature = new double[kinds][kinds];
        double[] scaled = scaled(weights, scales);
        for (Case each : cases) {
            addMoments(each, probabilities(each.evidence(), scaled), scales, gradient, curvature);
        }
        boolean[] free = new boolean[kinds];
        int count = 0;
        for (int i = 0; i < kinds; i++) {
            gradient[i] = gradient[i] / cases.size() + 2 * RIDGE * weights[i];
            free[i] = weights[i] > 0 || gradient[i] < 0;
            count += free[i] ? 1 : 0;
        }
        int[] positions = new int[count];
        for (int i = 0, at = 0; i < kinds; i++) {
            if (free[i]) {
                positions[at++] = i;
            }
        }
        double[] solved = solve(curvature, gradient, positions, cases.size());
        double[] direction = new double[kinds];
        for (int i = 0; i < count; i++) {
            direction[positions[i]] = -solved[i];
        }
        return direction;
    }

    private static double[] solve(double[][] curvature, double[] gradient, int[] positions, int cases) {
        SymmetricMatrix matrix = new SymmetricMatrix(positions.length).scaled(0, 2 * RIDGE + ENOUGH);
        double[] right = new double[positions.length];
        for (int i = 0; i < positions.length; i++) {
            right[i] = gradient[positions[i]];
            for (int j = i; j < positions.length; j++) {
                matrix.add(i, j, curvature[positions[i]][positions[j]] / cases);
            }
        }
        // With its ridge it is positive definite but for rounding, and then the gradient itself is a way down.
        return matrix.factor() ? matrix.solve(right) : right;
    }

    private static void addMoments(
            Case each, double[] probabilities, double[] scales, double[] gradient, double[][] curvature) {
        int kinds = scales.length;
        double[] means = new double[kinds];
        double[] centred = new double[kinds];
        for (int intent = 0; intent < probabilities.length; intent++) {
            for (int kind = 0; kind < kinds && probabilities[intent] > 0; kind++) {
                means[kind] += probabilities[intent] * each.evidence()[kind][intent] / scales[kind];
            }
        }
        for (int intent = 0; intent < probabilities.length; intent++) {
            if (probabilities[intent] > 0) {
                for (int kind = 0; kind < kinds; kind++) {
                    centred[kind] = each.evidence()[kind][intent] / scales[kind] - means[kind];
                }
                for (int i = 0; i < kinds; i++) {
                    for (int j = i; j < kinds; j++) {
                        curvature[i][j] += probabilities[intent] * centred[i] * centred[j];
                    }
                }
            }
        }
        for (int kind = 0; kind < kinds; kind++) {
            gradient[kind] += means[kind] - each.evidence()[kind][each.truth()] / scales[kind];
        }
    }

    /** Returns how far the evidence of a kind spreads over the intents, root mean square. */
    private static double[] scales(List<Case> cases, int kinds) {
        double[] scales = new double[kinds];
        for (int kind = 0; kind < kinds; kind++) {
            double squares = 0;
            long count = 0;
            for (Case each : cases) {
                double mean = 0;
                int known = 0;
                for (double value : each.evidence()[kind]) {
                    if (value != Double.NEGATIVE_INFINITY) {
                        mean += value;
                        known++;
                    }
                }
                mean /= Math.max(1, known);
                for (double value : each.evidence()[kind]) {
                    if (value != Double.NEGATIVE_INFINITY) {
                        squares += (value - mean) * (value - mean);
                        count++;
                    }
                }
            }
            scales[kind] = Math.max(1e-6, Math.sqrt(squares / Math.max(1, count)));
        }
        return scales;
    }
}
