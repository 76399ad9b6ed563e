package dev.llmlifecycle.core.examples;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.ToDoubleBiFunction;

/**
 * The nearest examples of a question, and how much of what is relevant there a choice of them has and covers.
 *
 * <p>The value of a choice is {@code weight * relevance + (1 - weight) * coverage}, which is monotone and submodular:
 * what an example adds never grows by what is chosen before it.
 */
final class Neighbourhood {

    private final Choice choice;
    private final int[] rows;
    /** What each candidate adds by its own relevance, the weight included. */
    private final double[] own;
    /** How much of each candidate each other covers, the weights included: {@code cover[chosen * n + covered]}. */
    private final double[] cover;

    private Neighbourhood(Choice choice, int[] rows, double[] own, double[] cover) {
        this.choice = choice;
        this.rows = rows;
        this.own = own;
        this.cover = cover;
    }

    static Neighbourhood of(Choice choice, int candidates, double weight) {
        int[] rows = nearest(choice, candidates);
        int n = rows.length;
        double[] relevance = new double[n];
        double all = 0;
        double top = 0;
        // The nearest come first. Cosines lie close together, so what counts is by how much one is nearer than the
        // last.
        float last = n == 0 ? 0 : choice.relevance(rows[n - 1]);
        boolean differ = n > 0 && choice.relevance(rows[0]) > last;
        for (int i = 0; i < n; i++) {
            relevance[i] = differ ? choice.relevance(rows[i]) - last : 1;
            all += relevance[i];
            top += i < choice.most() ? relevance[i] : 0;
        }
        double[] own = new double[n];
        double[] cover = new double[n * n];
        Vectors vectors = choice.pool().vectors();
        for (int i = 0; i < n; i++) {
            own[i] = top > 0 ? weight * relevance[i] / top : 0;
            for (int j = 0; j <= i; j++) {
                double cosine = i == j ? 1 : Math.min(1, Math.max(0, vectors.cosine(rows[i], rows[j])));
                cover[i * n + j] = all > 0 ? (1 - weight) * cosine * relevance[j] / all : 0;
                cover[j * n + i] = all > 0 ? (1 - weight) * cosine * relevance[i] / all : 0;
            }
        }
        return new Neighbourhood(choice, rows, own, cover);
    }

    private static int[] nearest(Choice choice, int candidates) {
        int[] rows = new int[Math.min(candidates, choice.pool().size())];
        int size = 0;
        RankedRows ranked = choice.ranked();
        for (int row = ranked.next(); row >= 0 && size < rows.length; row = ranked.next()) {
            if (choice.tokens(row) <= choice.budget()) {
                rows[size++] = row;
            }
        }
        return Arrays.copyOf(rows, size);
    }

    /** Returns the best choice where the candidates are few, else the best that is found by greed. */
    List<Basket.Pick> best() {
        List<Basket.Pick> best = greedy((candidate, gain) -> gain / Math.max(1, choice.tokens(rows[candidate])));
        best = better(best, greedyByGain());
        best = better(best, single());
        return rows.length <= SelectionStrategy.Knapsack.EXACT ? better(best, new Search().run()) : best;
    }

    List<Basket.Pick> greedyByGain() {
        return greedy((candidate, gain) -> gain);
    }

    private static List<Basket.Pick> better(List<Basket.Pick> one, List<Basket.Pick> other) {
        return value(other) > value(one) + 1e-12 ? other : one;
    }

    private static double value(List<Basket.Pick> picks) {
        return picks.stream().mapToDouble(Basket.Pick::gain).sum();
    }

    private record Bound(int candidate, double gain, double priority, int at) {}

    /** Takes what has the highest priority as long as it fits; gains only fall, so an old one is an upper bound. */
    private List<Basket.Pick> greedy(ToDoubleBiFunction<Integer, Double> priority) {
        double[] covered = new double[rows.length];
        Basket basket = new Basket(choice);
        PriorityQueue<Bound> bounds = new PriorityQueue<>(Comparator.comparingDouble(Bound::priority)
                .reversed()
                .thenComparingInt(bound -> rows[bound.candidate()]));
        for (int i = 0; i < rows.length; i++) {
            double gain = gain(i, covered);
            bounds.add(new Bound(i, gain, priority.applyAsDouble(i, gain), 0));
        }
        while (!basket.full() && !bounds.isEmpty()) {
            Bound top = bounds.remove();
            if (!basket.fits(rows[top.candidate()])) {
                continue;
            }
            if (top.at() == basket.size()) {
                basket.add(rows[top.candidate()], top.gain());
                take(top.candidate(), covered);
            } else {
                double gain = gain(top.candidate(), covered);
                bounds.add(
                        new Bound(top.candidate(), gain, priority.applyAsDouble(top.candidate(), gain), basket.size()));
            }
        }
        return basket.picks();
    }

    private List<Basket.Pick> single() {
        double[] covered = new double[rows.length];
        List<Basket.Pick> best = List.of();
        for (int i = 0; i < rows.length; i++) {
            double gain = gain(i, covered);
            if (best.isEmpty()
                    || gain > best.get(0).gain()
                    || (gain == best.get(0).gain() && rows[i] < best.get(0).row())) {
                best = List.of(new Basket.Pick(rows[i], gain));
            }
        }
        return best;
    }

    private double gain(int candidate, double[] covered) {
        double gain = own[candidate];
        int start = candidate * rows.length;
        for (int j = 0; j < rows.length; j++) {
            gain += Math.max(0, cover[start + j] - covered[j]);
        }
        return gain;
    }

    private void take(int candidate, double[] covered) {
        int start = candidate * rows.length;
        for (int j = 0; j < rows.length; j++) {
            covered[j] = Math.max(covered[j], cover[start + j]);
        }
    }

    /** Tries every choice that fits, and leaves out what cannot become the best. */
    private final class Search {

        private final List<Integer> chosen = new ArrayList<>();
        private List<Integer> best = List.of();
        private double bestValue = -1;

        List<Basket.Pick> run() {
            search(0, new double[rows.length], 0, choice.budget());
            double[] covered = new double[rows.length];
            List<Basket.Pick> picks = new ArrayList<>();
            for (int candidate : best) {
                picks.add(new Basket.Pick(rows[candidate], gain(candidate, covered)));
                take(candidate, covered);
            }
            return picks;
        }

        private void search(int from, double[] covered, double value, int left) {
            if (value > bestValue + 1e-12) {
                bestValue = value;
                best = List.copyOf(chosen);
            }
            double bound = value;
            for (int i = from; i < rows.length; i++) {
                bound += choice.tokens(rows[i]) <= left ? gain(i, covered) : 0;
            }
            if (from == rows.length || chosen.size() == choice.most() || bound <= bestValue + 1e-12) {
                return;
            }
            if (choice.tokens(rows[from]) <= left) {
                double[] with = covered.clone();
                take(from, with);
                chosen.add(from);
                search(from + 1, with, value + gain(from, covered), left - choice.tokens(rows[from]));
                chosen.remove(chosen.size() - 1);
            }
            search(from + 1, covered, value, left);
        }
    }
}
