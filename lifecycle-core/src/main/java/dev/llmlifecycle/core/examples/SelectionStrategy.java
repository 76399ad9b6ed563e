package dev.llmlifecycle.core.examples;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * By which rule examples are chosen from a pool.
 *
 * <p>Every rule is deterministic, and where two examples are equal to it the one with the smaller id is taken. Every
 * rule keeps to the largest number of examples and to the budget of tokens; an example that does not fit is passed over
 * for the next.
 *
 * <p>Immutable.
 *
 * @since 0.1
 */
public sealed interface SelectionStrategy {

    /**
     * Shows the same examples for every question.
     *
     * @param ids which, in the order of choice; all must be in the pool when the selector is built
     * @return the rule
     */
    static SelectionStrategy fixed(String... ids) {
        return new Fixed(List.of(ids));
    }

    /**
     * Draws examples by chance, which is the baseline that another rule has to beat. A question draws the same examples
     * every time, and an example that is added or erased changes no other's luck.
     *
     * @param seed of the draw
     * @return the rule
     */
    static SelectionStrategy random(long seed) {
        return new RandomDraw(seed);
    }

    /**
     * Takes the nearest by the cosine of the embeddings; every example is compared.
     *
     * @return the rule
     */
    static SelectionStrategy nearest() {
        return new Nearest();
    }

    /**
     * Takes near examples that differ from each other, with a weight of 0.7 on being near.
     *
     * @return the rule
     * @see #mmr(double)
     */
    static SelectionStrategy mmr() {
        return new Mmr(0.7);
    }

    /**
     * Takes near examples that differ from each other: maximal marginal relevance (Carbonell and Goldstein 1998). Each
     * step takes the example with the largest {@code lambda * cosine(question) - (1 - lambda) * cosine(nearest
     * chosen)}, where a cosine with a chosen one counts as 0 when it is negative. The whole pool is considered.
     *
     * @param lambda the weight of being near to the question, in [0, 1]; 1 is {@link #nearest()}
     * @return the rule
     */
    static SelectionStrategy mmr(double lambda) {
        return new Mmr(lambda);
    }

    /**
     * Takes those with the most telling words in common: BM25 (Robertson et al. 1994) with {@code k1 = 1.2} and
     * {@code b = 0.75}. An example without a word in common is not taken. Needs no embeddings.
     *
     * @return the rule
     */
    static SelectionStrategy bm25() {
        return new Bm25(1.2, 0.75);
    }

    /**
     * Takes those with the most n-grams of characters in common, by Dice's coefficient. An example without one in
     * common is not taken. Needs no embeddings.
     *
     * @param n the length of an n-gram in characters, from 2 to 8
     * @return the rule
     */
    static SelectionStrategy ngramOverlap(int n) {
        return new NGramOverlap(n);
    }

    /**
     * Takes the most relevant of each label in turn, beginning with the label of the most relevant example. Relevance
     * is the cosine of the embeddings, or BM25 without any.
     *
     * @param label the name of the label
     * @return the rule
     */
    static SelectionStrategy labelBalanced(String label) {
        return new LabelBalanced(Optional.of(label));
    }

    /**
     * As {@link #labelBalanced(String)}, with the first expected output as the label.
     *
     * @return the rule
     */
    static SelectionStrategy labelBalanced() {
        return new LabelBalanced(Optional.empty());
    }

    /**
     * Takes examples that stand for the neighbourhood of the question: facility location over the
     * {@value Knapsack#DEFAULT_CANDIDATES} nearest.
     *
     * @return the rule
     * @see #coverage(int)
     */
    static SelectionStrategy coverage() {
        return new Coverage(Knapsack.DEFAULT_CANDIDATES);
    }

    /**
     * Takes examples that stand for the neighbourhood of the question: facility location, which sums over the nearest
     * examples, weighted by how much they are nearer than the last of them, the cosine with the nearest chosen one.
     * Greedy, with lazy evaluation (Minoux 1978); no choice of as many covers more than {@code e / (e - 1)} times as
     * much (Nemhauser, Wolsey and Fisher 1978).
     *
     * @param candidates how many of the nearest are covered and chosen from, from 1 to 1,024
     * @return the rule
     */
    static SelectionStrategy coverage(int candidates) {
        return new Coverage(candidates);
    }

    /**
     * Fills the budget of tokens with what is relevant and covers the neighbourhood, both weighted equally, out of the
     * {@value Knapsack#DEFAULT_CANDIDATES} nearest.
     *
     * @return the rule
     * @see #knapsack(double, int)
     */
    static SelectionStrategy knapsack() {
        return new Knapsack(Knapsack.DEFAULT_WEIGHT, Knapsack.DEFAULT_CANDIDATES);
    }

    /**
     * Fills the budget of tokens with what is relevant and covers the neighbourhood. It maximises
     *
     * <pre>{@code
     * weight * (relevance of the chosen / the largest relevance that as many could have)
     *     + (1 - weight) * (covered relevance / relevance of all candidates)
     * }</pre>
     *
     * where the relevance of a candidate is by how much its cosine with the question is above that of the last
     * candidate (1 for all when they are equally near), and a chosen example covers as much of another's relevance as
     * its cosine with it says, nothing when that is negative. For up to {@value Knapsack#EXACT} candidates the best
     * choice is found exactly. For more it is the best of three: greedy by gain for each token, greedy by gain, and the
     * best single example. Where the budget alone binds, that is at least {@code (1 - 1/e) / 2} of the best choice
     * among the candidates (Khuller, Moss and Naor 1999; for submodular functions Leskovec et al. 2007, Lin and Bilmes
     * 2010).
     *
     * @param weight of relevance, in [0, 1]
     * @param candidates how many of the nearest are covered and chosen from, from 1 to 1,024
     * @return the rule
     */
    static SelectionStrategy knapsack(double weight, int candidates) {
        return new Knapsack(weight, candidates);
    }

    /**
     * Returns this rule as a canonical value, for the identity of a selector.
     *
     * @return a map for {@link dev.llmlifecycle.api.identity.CanonicalJson}
     */
    Map<String, Object> toCanonical();

    /**
     * The same examples every time.
     *
     * @param ids which, at least one, none twice
     */
    record Fixed(List<String> ids) implements SelectionStrategy {
        /** Checks and copies. */
        public Fixed {
            ids = List.copyOf(ids);
            if (ids.isEmpty() || ids.stream().distinct().count() < ids.size()) {
                throw new IllegalArgumentException(
                        "fixed examples must be at least one and none twice but were " + ids + "; name each once");
            }
        }

        @Override
        public Map<String, Object> toCanonical() {
            return Map.of("rule", "fixed", "ids", ids);
        }
    }

    /**
     * By chance.
     *
     * @param seed of the draw
     */
    record RandomDraw(long seed) implements SelectionStrategy {
        @Override
        public Map<String, Object> toCanonical() {
            return Map.of("rule", "random", "seed", Long.toString(seed));
        }
    }

    /** The nearest. */
    record Nearest() implements SelectionStrategy {
        @Override
        public Map<String, Object> toCanonical() {
            return Map.of("rule", "nearest");
        }
    }

    /**
     * Maximal marginal relevance.
     *
     * @param lambda the weight of being near, in [0, 1]
     */
    record Mmr(double lambda) implements SelectionStrategy {
        /** Checks the weight. */
        public Mmr {
            requireShare(lambda, "lambda of MMR");
        }

        @Override
        public Map<String, Object> toCanonical() {
            return Map.of("rule", "mmr", "lambda", lambda);
        }
    }

    /**
     * Words in common.
     *
     * @param k1 how soon a repeated word stops to count, at least 0
     * @param b how much a long text is held against it, in [0, 1]
     */
    record Bm25(double k1, double b) implements SelectionStrategy {
        /** Checks the parameters. */
        public Bm25 {
            if (!(k1 >= 0 && k1 <= 100)) {
                throw new IllegalArgumentException("k1 of BM25 must be in [0, 100] but was " + k1 + "; 1.2 is usual");
            }
            requireShare(b, "b of BM25");
        }

        @Override
        public Map<String, Object> toCanonical() {
            return Map.of("rule", "bm25", "k1", k1, "b", b);
        }
    }

    /**
     * N-grams in common.
     *
     * @param n their length, from 2 to 8
     */
    record NGramOverlap(int n) implements SelectionStrategy {
        /** Checks the length. */
        public NGramOverlap {
            if (n < 2 || n > 8) {
                throw new IllegalArgumentException(
                        "the length of an n-gram must be from 2 to 8 but was " + n + "; 3 is usual");
            }
        }

        @Override
        public Map<String, Object> toCanonical() {
            return Map.of("rule", "ngram-overlap", "n", n);
        }
    }

    /**
     * Each label in turn.
     *
     * @param label the name of the label, or none for the first expected output
     */
    record LabelBalanced(Optional<String> label) implements SelectionStrategy {
        @Override
        public Map<String, Object> toCanonical() {
            return Map.of("rule", "label-balanced", "label", label.map(List::of).orElse(List.of()));
        }
    }

    /**
     * What stands for the neighbourhood.
     *
     * @param candidates how many of the nearest are covered, from 1 to 1,024
     */
    record Coverage(int candidates) implements SelectionStrategy {
        /** Checks the number. */
        public Coverage {
            requireCandidates(candidates);
        }

        @Override
        public Map<String, Object> toCanonical() {
            return Map.of("rule", "coverage", "candidates", candidates);
        }
    }

    /**
     * Relevance and coverage within the budget.
     *
     * @param weight of relevance, in [0, 1]
     * @param candidates how many of the nearest are considered, from 1 to 1,024
     */
    record Knapsack(double weight, int candidates) implements SelectionStrategy {

        /** The weight of relevance unless another is asked for. */
        static final double DEFAULT_WEIGHT = 0.5;

        /** How many are considered unless another number is asked for. */
        static final int DEFAULT_CANDIDATES = 64;

        /** Up to how many candidates the best choice is found. */
        static final int EXACT = 16;

        /** Checks weight and number. */
        public Knapsack {
            requireShare(weight, "weight of relevance");
            requireCandidates(candidates);
        }

        @Override
        public Map<String, Object> toCanonical() {
            return Map.of("rule", "knapsack", "weight", weight, "candidates", candidates);
        }
    }

    private static void requireShare(double value, String what) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException("the " + what + " must be in [0, 1] but was " + value);
        }
    }

    private static void requireCandidates(int candidates) {
        if (candidates < 1 || candidates > 1_024) {
            throw new IllegalArgumentException("the number of candidates must be from 1 to 1024 but was " + candidates
                    + "; all pairs of them are compared");
        }
    }
}
