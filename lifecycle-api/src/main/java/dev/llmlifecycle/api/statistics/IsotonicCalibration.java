package dev.llmlifecycle.api.statistics;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;

/**
 * Turns scores into probabilities by the rising step curve that fits best.
 *
 * <p>Immutable. The least squares fit among rising functions, found by pooling adjacent violators (M. Ayer and others,
 * "An empirical distribution function for sampling with incomplete information", Annals of Mathematical Statistics 26,
 * 1955; for classifiers B. Zadrozny and C. Elkan, "Transforming classifier scores into accurate multiclass probability
 * estimates", KDD 2002). Between fitted scores it is linear, beyond them constant. Takes some hundreds of labelled
 * scores; with fewer use {@link PlattScaling}.
 *
 * @since 0.1
 */
public final class IsotonicCalibration implements DoubleUnaryOperator {

    private final List<Block> blocks;

    private IsotonicCalibration(List<Block> blocks) {
        this.blocks = List.copyOf(blocks);
    }

    /** Scores from {@code low} to {@code high} that share one fitted value. */
    private record Block(double low, double high, double sum, double count) {

        double mean() {
            return sum / count;
        }

        Block with(Block next) {
            return new Block(low, next.high, sum + next.sum, count + next.count);
        }
    }

    /**
     * Fits the curve.
     *
     * @param scores finite, at least two
     * @param labels for each score whether the case was positive; both kinds must be there
     * @return the curve
     */
    public static IsotonicCalibration fit(double[] scores, boolean[] labels) {
        Labelled.require(scores, labels, "Isotonic calibration");
        int[] order = IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> scores[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        List<Block> stack = new ArrayList<>();
        for (int start = 0; start < order.length; ) {
            double score = scores[order[start]];
            double sum = 0;
            int end = start;
            while (end < order.length && scores[order[end]] == score) {
                sum += labels[order[end]] ? 1 : 0;
                end++;
            }
            Block block = new Block(score, score, sum, end - start);
            while (!stack.isEmpty() && stack.get(stack.size() - 1).mean() >= block.mean()) {
                block = stack.remove(stack.size() - 1).with(block);
            }
            stack.add(block);
            start = end;
        }
        return new IsotonicCalibration(stack);
    }

    @Override
    public double applyAsDouble(double score) {
        int low = 0;
        int high = blocks.size() - 1;
        // The first block that ends at or after the score.
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (blocks.get(middle).high() < score) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        Block block = blocks.get(low);
        if (low == 0 || score >= block.low()) {
            return block.mean();
        }
        Block before = blocks.get(low - 1);
        double share = (score - before.high()) / (block.low() - before.high());
        return before.mean() + share * (block.mean() - before.mean());
    }
}
