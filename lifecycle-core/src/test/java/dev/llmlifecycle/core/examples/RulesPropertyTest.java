package dev.llmlifecycle.core.examples;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

import dev.llmlifecycle.api.data.Dataset;
import dev.llmlifecycle.api.data.Example;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/** The fast rules give what the plain definitions give, written down here once more without any shortcut. */
final class RulesPropertyTest {

    private static final int DIMENSION = 12;

    /** A pool with vectors, relevance and tokens that are drawn. */
    private static Choice drawn(long seed, int size, int most, int budget) {
        Random random = new Random(seed);
        Dataset.Builder dataset = Dataset.builder("drawn");
        Map<String, PoolRow> rows = new HashMap<>();
        Map<String, float[]> vectors = new HashMap<>();
        for (int i = 0; i < size; i++) {
            Example example = Pools.example(size - i, "t" + random.nextInt(4));
            dataset.add(example);
            rows.put(
                    example.id(),
                    new PoolRow(
                            example,
                            1 + random.nextInt(20),
                            Terms.words(example.input()),
                            "",
                            Terms.NONE,
                            Optional.empty()));
            // Some are equal, so that ties happen.
            vectors.put(
                    example.id(),
                    i > 0 && random.nextInt(4) == 0
                            ? vectors.get(dataset.build().examples().get(0).id())
                            : normal(random));
        }
        PoolState pool = PoolState.of(dataset.build(), null, rows, vectors);
        boolean[] barred = new boolean[size];
        for (int i = 0; i < size; i++) {
            barred[i] = random.nextInt(10) == 0;
        }
        float[] question = normal(random);
        return new Choice(
                pool, "question", pool.vectors().cosines(question), barred, Float.NEGATIVE_INFINITY, most, budget);
    }

    private static float[] normal(Random random) {
        float[] vector = new float[DIMENSION];
        for (int i = 0; i < DIMENSION; i++) {
            vector[i] = (float) (random.nextGaussian() + 0.6);
        }
        return TextEmbeddings.normal(vector).orElseThrow();
    }

    private static List<Integer> rows(List<Basket.Pick> picks) {
        return picks.stream().map(Basket.Pick::row).toList();
    }

    private static List<Integer> open(Choice choice) {
        return IntStream.range(0, choice.pool().size())
                .filter(row -> !choice.barred(row))
                .boxed()
                .toList();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    @DisplayName("nearest is the sorted list, ties by id, what does not fit passed over")
    void nearestIsTheSortedList(long seed) {
        Choice choice = drawn(seed, 60, 7, 50);
        List<Integer> sorted = new ArrayList<>(open(choice));
        sorted.sort(Comparator.comparingDouble((Integer row) -> -choice.relevance(row))
                .thenComparingInt(row -> row));
        List<Integer> expected = new ArrayList<>();
        int left = choice.budget();
        for (int row : sorted) {
            if (expected.size() < choice.most() && choice.tokens(row) <= left) {
                expected.add(row);
                left -= choice.tokens(row);
            }
        }
        assertThat(rows(Rules.choose(SelectionStrategy.nearest(), choice))).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    @DisplayName("MMR with lazy bounds chooses what comparing every pair at each step chooses")
    void marginalRelevanceIsExact(long seed) {
        double lambda = new Random(seed).nextInt(11) / 10.0;
        Choice choice = drawn(seed, 80, 9, seed % 2 == 0 ? 60 : Integer.MAX_VALUE);
        List<Integer> expected = new ArrayList<>();
        int left = choice.budget();
        while (expected.size() < choice.most()) {
            int best = -1;
            double bestScore = 0;
            for (int row : open(choice)) {
                if (expected.contains(row) || choice.tokens(row) > left) {
                    continue;
                }
                float redundancy = 0;
                for (int chosen : expected) {
                    redundancy = Math.max(redundancy, choice.pool().vectors().cosine(row, chosen));
                }
                double score = lambda * choice.relevance(row) - (1 - lambda) * redundancy;
                if (best < 0 || score > bestScore) {
                    best = row;
                    bestScore = score;
                }
            }
            if (best < 0) {
                break;
            }
            expected.add(best);
            left -= choice.tokens(best);
        }
        assertThat(rows(Rules.choose(SelectionStrategy.mmr(lambda), choice))).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    @DisplayName("lazy greedy coverage chooses what plain greedy chooses")
    void coverageIsPlainGreedy(long seed) {
        Choice choice = drawn(seed, 50, 6, Integer.MAX_VALUE);
        List<Integer> candidates = candidates(choice, 30);
        List<Integer> expected = new ArrayList<>();
        while (expected.size() < choice.most()) {
            int best = -1;
            double bestValue = 0;
            for (int row : candidates.stream().sorted().toList()) {
                List<Integer> with = new ArrayList<>(expected);
                with.add(row);
                double value = value(choice, candidates, with, 0);
                if (!expected.contains(row) && (best < 0 || value > bestValue + 1e-12)) {
                    best = row;
                    bestValue = value;
                }
            }
            expected.add(best);
        }
        List<Basket.Pick> picks = Rules.choose(SelectionStrategy.coverage(30), choice);
        assertThat(value(choice, candidates, rows(picks), 0))
                .isCloseTo(value(choice, candidates, expected, 0), within(1e-6));
        assertThat(picks.stream().mapToDouble(Basket.Pick::gain).sum())
                .isCloseTo(value(choice, candidates, rows(picks), 0), within(1e-6));
        assertThat(picks).isSortedAccordingTo(Comparator.comparingDouble(pick -> -pick.gain()));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    @DisplayName("a knapsack over few candidates is the best of all subsets within budget and number")
    void smallKnapsackIsExact(long seed) {
        Choice choice = drawn(seed, 14, seed % 3 == 0 ? 3 : Integer.MAX_VALUE, 30);
        List<Integer> candidates = candidates(choice, 14);
        List<Basket.Pick> picks = Rules.choose(SelectionStrategy.knapsack(0.4, 14), choice);
        assertThat(tokens(choice, rows(picks))).isLessThanOrEqualTo(30);
        assertThat(picks).hasSizeLessThanOrEqualTo(choice.most());
        assertThat(value(choice, candidates, rows(picks), 0.4))
                .isCloseTo(bruteForce(choice, candidates, 0.4), within(1e-6));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    @DisplayName("a greedy knapsack keeps to the budget and to its guarantee")
    void greedyKnapsackKeepsItsGuarantee(long seed) {
        Choice choice = drawn(seed, 19, Integer.MAX_VALUE, 12 + (int) seed);
        List<Integer> candidates = candidates(choice, 19);
        // More than are searched exactly.
        if (candidates.size() <= SelectionStrategy.Knapsack.EXACT) {
            return;
        }
        List<Basket.Pick> picks = Rules.choose(SelectionStrategy.knapsack(0.3, 19), choice);
        assertThat(tokens(choice, rows(picks))).isLessThanOrEqualTo(choice.budget());
        double best = bruteForce(choice, candidates, 0.3);
        assertThat(value(choice, candidates, rows(picks), 0.3)).isBetween((1 - 1 / Math.E) / 2 * best, best + 1e-6);
    }

    private static List<Integer> candidates(Choice choice, int count) {
        List<Integer> sorted = new ArrayList<>(open(choice));
        sorted.removeIf(row -> choice.tokens(row) > choice.budget());
        sorted.sort(Comparator.comparingDouble((Integer row) -> -choice.relevance(row))
                .thenComparingInt(row -> row));
        return sorted.subList(0, Math.min(count, sorted.size()));
    }

    private static int tokens(Choice choice, List<Integer> rows) {
        return rows.stream().mapToInt(choice::tokens).sum();
    }

    private static double bruteForce(Choice choice, List<Integer> candidates, double weight) {
        double best = 0;
        for (int subset = 0; subset < (1 << candidates.size()); subset++) {
            if (Integer.bitCount(subset) > choice.most()) {
                continue;
            }
            List<Integer> rows = new ArrayList<>();
            int tokens = 0;
            for (int i = 0; i < candidates.size(); i++) {
                if (((subset >> i) & 1) == 1) {
                    rows.add(candidates.get(i));
                    tokens += choice.tokens(candidates.get(i));
                }
            }
            if (tokens <= choice.budget()) {
                best = Math.max(best, value(choice, candidates, rows, weight));
            }
        }
        return best;
    }

    /** The formula of {@link SelectionStrategy#knapsack(double, int)}, as it stands there. */
    private static double value(Choice choice, List<Integer> candidates, List<Integer> chosen, double weight) {
        double all = candidates.stream()
                .mapToDouble(row -> nearer(choice, candidates, row))
                .sum();
        double top = candidates.stream()
                .limit(choice.most())
                .mapToDouble(row -> nearer(choice, candidates, row))
                .sum();
        double relevance = chosen.stream()
                .mapToDouble(row -> nearer(choice, candidates, row))
                .sum();
        double covered = 0;
        for (int row : candidates) {
            double most = 0;
            for (int other : chosen) {
                double cosine = row == other
                        ? 1
                        : Math.min(1, Math.max(0, choice.pool().vectors().cosine(row, other)));
                most = Math.max(most, cosine);
            }
            covered += nearer(choice, candidates, row) * most;
        }
        return weight * relevance / top + (1 - weight) * covered / all;
    }

    private static double nearer(Choice choice, List<Integer> candidates, int row) {
        float last = choice.relevance(candidates.get(candidates.size() - 1));
        return choice.relevance(row) - last;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    @DisplayName("a random draw is one of the question, and an example erased changes no other's luck")
    void randomDrawsAreStable(long seed) {
        Choice choice = drawn(seed, 40, 40, Integer.MAX_VALUE);
        List<Integer> all = rows(Rules.choose(SelectionStrategy.random(seed), choice));
        assertThat(rows(Rules.choose(SelectionStrategy.random(seed), choice))).isEqualTo(all);
        assertThat(new HashSet<>(all)).isEqualTo(Set.copyOf(open(choice)));
        assertThat(rows(Rules.choose(SelectionStrategy.random(seed + 1), choice)))
                .isNotEqualTo(all);
        List<Integer> without = new ArrayList<>(all);
        without.remove(3);
        assertThat(rows(Rules.choose(SelectionStrategy.random(seed), choice.without(all.get(3)))))
                .isEqualTo(without);
    }
}
