package dev.llmlifecycle.core.examples;

import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Maximal marginal relevance over a whole pool.
 *
 * <p>What a chosen example takes away from another only grows, so a score that was computed earlier is an upper bound.
 * A row is computed anew only when its bound is the largest, which leaves most rows alone and changes nothing of the
 * result.
 */
final class MarginalRelevance {

    private final Choice choice;
    private final double lambda;
    private final Basket basket;
    private final float[] redundancy;
    private final int[] compared;

    private MarginalRelevance(Choice choice, double lambda) {
        this.choice = choice;
        this.lambda = lambda;
        this.basket = new Basket(choice);
        this.redundancy = new float[choice.pool().size()];
        this.compared = new int[choice.pool().size()];
    }

    private record Bound(int row, double score) {}

    static List<Basket.Pick> choose(Choice choice, double lambda) {
        return new MarginalRelevance(choice, lambda).choose();
    }

    private List<Basket.Pick> choose() {
        RankedRows untouched = choice.ranked();
        PriorityQueue<Bound> bounds = new PriorityQueue<>(
                Comparator.comparingDouble(Bound::score).reversed().thenComparingInt(Bound::row));
        while (!basket.full()) {
            Bound top = bounds.peek();
            int next = untouched.peek();
            if (next >= 0 && (top == null || lambda * choice.relevance(next) >= top.score())) {
                untouched.next();
                bounds.add(new Bound(next, score(next)));
            } else if (top == null) {
                break;
            } else {
                bounds.remove();
                if (!basket.fits(top.row())) {
                    continue;
                }
                if (compared[top.row()] == basket.size()) {
                    basket.add(top.row(), top.score());
                } else {
                    bounds.add(new Bound(top.row(), score(top.row())));
                }
            }
        }
        return basket.picks();
    }

    private double score(int row) {
        for (; compared[row] < basket.size(); compared[row]++) {
            int chosen = basket.picks().get(compared[row]).row();
            redundancy[row] = Math.max(redundancy[row], choice.pool().vectors().cosine(row, chosen));
        }
        return lambda * choice.relevance(row) - (1 - lambda) * redundancy[row];
    }
}
