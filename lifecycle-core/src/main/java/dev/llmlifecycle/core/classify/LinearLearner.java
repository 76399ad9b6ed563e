package dev.llmlifecycle.core.classify;

import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntFunction;

import dev.llmlifecycle.api.LifecycleException;

/**
 * Learns a multinomial logistic regression, or one logistic regression for each label, by stochastic gradient descent
 * with a rate that falls to nothing and weights that shrink (L. Bottou, "Stochastic Gradient Descent Tricks", 2012).
 * One thread, one order of rows for a seed, no arithmetic that depends on the platform: equal weights everywhere.
 *
 * @param name whom to name in messages
 * @param labels how many labels
 * @param multiLabel whether a text may have several labels
 * @param labelWeights how much an error counts on a text that has the label
 * @param seed of the order of rows
 */
@SuppressWarnings("ArrayRecordComponent") // internal, never compared
record LinearLearner(String name, int labels, boolean multiLabel, float[] labelWeights, long seed) {

    private static final int PASSES = 5;
    private static final int LEAST_STEPS = 10_000;
    private static final int MOST_PASSES = 60;
    private static final float RATE = 0.5f;
    private static final float RATE_OF_MANY = 0.2f;
    private static final int SHRINK_EVERY = 512;
    private static final float MOST_SHRINKING = 0.05f;
    private static final float SETTLED = 0.01f;

    private static final float NOTHING = -80;
    private static final float LOG2_E = (float) (1 / StrictMath.log(2));
    private static final float LN_2 = (float) StrictMath.log(2);
    private static final float ROOT_2 = (float) StrictMath.sqrt(2);

    /**
     * Learns.
     *
     * @param features of every row that may be asked for
     * @param rows the rows to learn from
     * @param truth the labels of a row
     * @param regularisation how strongly weights are held small, for all rows together
     * @param space what the features were made by
     * @return the weights
     */
    LinearWeights learn(
            List<Features> features, int[] rows, IntFunction<int[]> truth, double regularisation, FeatureSpace space) {
        LinearWeights weights = new LinearWeights(space.mean().length, space.size(), labels);
        float[] gradient = weights.newScores();
        int[] order = rows.clone();
        SplittableRandom random = new SplittableRandom(seed);
        int passes = Math.max(PASSES, Math.min(MOST_PASSES, (LEAST_STEPS + rows.length - 1) / rows.length));
        long steps = (long) passes * rows.length;
        float first = multiLabel ? RATE_OF_MANY : RATE;
        float decay = (float) (regularisation / rows.length);
        float shrinking = 0;
        long step = 0;
        for (int pass = 0; pass < passes; pass++) {
            shuffle(order, random);
            for (int row : order) {
                float rate = first * (1 - (float) step / steps);
                weights.score(features.get(row), gradient);
                if (toGradient(gradient, truth.apply(row))) {
                    weights.move(features.get(row), gradient, rate);
                }
                shrinking += rate * decay;
                step++;
                if (step % SHRINK_EVERY == 0 || shrinking > MOST_SHRINKING) {
                    requireNotInterrupted(step, steps);
                    weights.scale(1 / (1 + shrinking));
                    shrinking = 0;
                }
            }
        }
        weights.scale(1 / (1 + shrinking));
        return weights;
    }

    /** Turns scores into the gradient of the loss, and says whether there is any to speak of. */
    private boolean toGradient(float[] scores, int[] truth) {
        if (multiLabel) {
            toProbabilities(scores);
        } else {
            toDistribution(scores);
        }
        for (int label : truth) {
            scores[label] -= 1;
        }
        float most = 0;
        for (int i = 0; i < labels; i++) {
            most = Math.max(most, Math.abs(scores[i]));
        }
        if (multiLabel) {
            // Weighing what a text lacks as well would leave the balance of a label as it is.
            for (int label : truth) {
                scores[label] *= labelWeights[label];
            }
        } else {
            for (int i = 0; i < labels; i++) {
                scores[i] *= labelWeights[truth[0]];
            }
        }
        return most >= SETTLED;
    }

    private void toDistribution(float[] scores) {
        float best = scores[0];
        for (int i = 1; i < labels; i++) {
            best = Math.max(best, scores[i]);
        }
        float sum = 0;
        for (int i = 0; i < labels; i++) {
            scores[i] = exp(scores[i] - best);
        }
        for (int i = 0; i < labels; i++) {
            sum += scores[i];
        }
        for (int i = 0; i < labels; i++) {
            scores[i] /= sum;
        }
    }

    /**
     * Returns e to a power of at most 0, to some five digits and alike on every platform: {@code 2^n · 2^f} with the
     * series of {@code 2^f} around a half.
     */
    static float exp(float power) {
        float binary = Math.max(power, NOTHING) * LOG2_E;
        int whole = (int) binary - 1;
        float x = (binary - whole - 0.5f) * LN_2;
        float series = 1 + x * (1 + x * (1 / 2f + x * (1 / 6f + x * (1 / 24f + x * (1 / 120f + x * (1 / 720f))))));
        return ROOT_2 * series * Float.intBitsToFloat((whole + 127) << 23);
    }

    private void toProbabilities(float[] scores) {
        for (int i = 0; i < labels; i++) {
            scores[i] = (float) (1 / (1 + StrictMath.exp(-scores[i])));
        }
    }

    private void requireNotInterrupted(long step, long steps) {
        if (Thread.currentThread().isInterrupted()) {
            throw new LifecycleException("Training classifier '" + name + "' was interrupted after " + step + " of "
                    + steps + " steps of a model; nothing was kept, train again");
        }
    }

    private static void shuffle(int[] order, SplittableRandom random) {
        for (int i = order.length - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            int kept = order[i];
            order[i] = order[other];
            order[other] = kept;
        }
    }
}
