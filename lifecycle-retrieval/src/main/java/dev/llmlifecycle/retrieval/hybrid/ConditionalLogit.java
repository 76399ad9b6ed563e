package dev.llmlifecycle.retrieval.hybrid;

import java.util.Arrays;
import java.util.List;

/**
 * Weights, none of them negative, that make the relevant of each list most likely: projected gradient descent with a
 * step that is halved until it helps.
 */
final class ConditionalLogit {

    private static final int MOST_STEPS = 200;
    private static final double ENOUGH = 1e-7;

    private ConditionalLogit() {}

    static double[] fit(List<FusionRows> lists, double penalty) {
        int width = lists.get(0).width();
        double[] weights = new double[width];
        double[] gradient = new double[width];
        double loss = loss(lists, weights, penalty, gradient);
        double step = 8;
        for (int i = 0; i < MOST_STEPS; i++) {
            double[] next = new double[width];
            double[] nextGradient = new double[width];
            double nextLoss;
            while (true) {
                for (int feature = 0; feature < width; feature++) {
                    next[feature] = Math.max(0, weights[feature] - step * gradient[feature]);
                }
                nextLoss = loss(lists, next, penalty, nextGradient);
                if (nextLoss <= loss || step < 1e-9) {
                    break;
                }
                step /= 2;
            }
            double won = loss - nextLoss;
            if (!(won > ENOUGH)) {
                break;
            }
            weights = next;
            gradient = nextGradient;
            loss = nextLoss;
            step *= 1.5;
        }
        return weights;
    }

    /** Returns the mean of {@code -log p(relevant)} with the penalty, and its gradient. */
    private static double loss(List<FusionRows> lists, double[] weights, double penalty, double[] gradient) {
        Arrays.fill(gradient, 0);
        double sum = 0;
        for (FusionRows list : lists) {
            double[] scores = new double[list.size()];
            double highest = Double.NEGATIVE_INFINITY;
            for (int i = 0; i < scores.length; i++) {
                scores[i] = list.score(i, weights);
                highest = Math.max(highest, scores[i]);
            }
            double all = 0;
            double relevant = 0;
            for (int i = 0; i < scores.length; i++) {
                scores[i] = Math.exp(scores[i] - highest);
                all += scores[i];
                relevant += list.isRelevant(i) ? scores[i] : 0;
            }
            // Where the relevant ones underflow, the smallest number keeps the loss finite.
            double likely = Math.max(relevant, Double.MIN_NORMAL);
            sum += Math.log(all) - Math.log(likely);
            for (int i = 0; i < scores.length; i++) {
                double share = scores[i] / all - (list.isRelevant(i) ? scores[i] / likely : 0);
                double[] row = list.row(i);
                for (int feature = 0; feature < gradient.length; feature++) {
                    gradient[feature] += share * row[feature];
                }
            }
        }
        double loss = sum / lists.size();
        for (int feature = 0; feature < gradient.length; feature++) {
            gradient[feature] = gradient[feature] / lists.size() + penalty * weights[feature];
            loss += penalty / 2 * weights[feature] * weights[feature];
        }
        return loss;
    }
}
