package dev.llmlifecycle.eval.metric;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How well one ranking finds what is relevant to one question, by the measures of trec_eval and as it defines them.
 *
 * <p>Immutable. A relevance of 1 or more is relevant and also the gain of nDCG, 0 is judged and not relevant, an id
 * without one is not judged and counts as not relevant, except in {@link #bpref}. Where nothing is relevant, every
 * measure is 0. The figure for many questions is the mean over them, and a question without a ranking counts with an
 * empty one.
 *
 * <p>Source: the measures of trec_eval, National Institute of Standards and Technology; for most, E. M. Voorhees and D.
 * K. Harman (editors), "TREC: Experiment and Evaluation in Information Retrieval", 2005, chapter 3.
 *
 * @since 0.1
 */
public final class RankingScores {

    private final int[] gains;
    private final boolean[] judged;
    private final int[] ideal;
    private final int judgedNotRelevant;

    private RankingScores(int[] gains, boolean[] judged, int[] ideal, int judgedNotRelevant) {
        this.gains = gains;
        this.judged = judged;
        this.ideal = ideal;
        this.judgedNotRelevant = judgedNotRelevant;
    }

    /**
     * Scores a ranking.
     *
     * @param ranking the ids, best first, each once
     * @param relevance the judged ids, each with 0 or more
     * @return the scores
     */
    public static RankingScores of(List<String> ranking, Map<String, Integer> relevance) {
        relevance.forEach((id, value) -> {
            if (value < 0) {
                throw new IllegalArgumentException("the relevance of '" + id + "' must be at least 0 but was " + value
                        + "; leave out what was not judged");
            }
        });
        Set<String> seen = new HashSet<>();
        int[] gains = new int[ranking.size()];
        boolean[] judged = new boolean[ranking.size()];
        for (int i = 0; i < gains.length; i++) {
            String id = ranking.get(i);
            if (!seen.add(id)) {
                throw new IllegalArgumentException("the ranking has '" + id
                        + "' twice; keep the better place, or score documents instead of passages");
            }
            judged[i] = relevance.containsKey(id);
            gains[i] = relevance.getOrDefault(id, 0);
        }
        int[] ideal = relevance.values().stream()
                .filter(value -> value > 0)
                .sorted(Comparator.reverseOrder())
                .mapToInt(Integer::intValue)
                .toArray();
        return new RankingScores(gains, judged, ideal, relevance.size() - ideal.length);
    }

    /**
     * Returns precision at a cut: relevant among the first k, by k even where fewer were ranked.
     *
     * @param k at least 1
     * @return in [0, 1]
     */
    public double precisionAt(int k) {
        return relevantIn(k) / (double) k;
    }

    /**
     * Returns recall at a cut: relevant among the first k, by all that are relevant.
     *
     * @param k at least 1
     * @return in [0, 1]
     */
    public double recallAt(int k) {
        return share(relevantIn(k));
    }

    /**
     * Returns whether anything among the first k is relevant, also called hit rate.
     *
     * @param k at least 1
     * @return 1 or 0
     */
    public double successAt(int k) {
        return relevantIn(k) > 0 ? 1 : 0;
    }

    /**
     * Returns one by the rank of the first that is relevant; the mean over questions is MRR.
     *
     * @return in [0, 1], 0 where none was found
     */
    public double reciprocalRank() {
        for (int i = 0; i < gains.length; i++) {
            if (gains[i] > 0) {
                return 1.0 / (i + 1);
            }
        }
        return 0;
    }

    /**
     * Returns the average, over all that are relevant, of the precision at their ranks, 0 for those not found; the mean
     * over questions is MAP.
     *
     * @return in [0, 1]
     */
    public double averagePrecision() {
        return averagePrecisionAt(Math.max(1, gains.length));
    }

    /**
     * Returns {@link #averagePrecision} of the first k alone, still by all that are relevant.
     *
     * @param k at least 1
     * @return in [0, 1]
     */
    public double averagePrecisionAt(int k) {
        requireCut(k);
        double sum = 0;
        int found = 0;
        for (int i = 0; i < Math.min(k, gains.length); i++) {
            if (gains[i] > 0) {
                found++;
                sum += found / (i + 1.0);
            }
        }
        return share(sum);
    }

    /**
     * Returns the precision at the rank that is the number of all that are relevant.
     *
     * @return in [0, 1]
     */
    public double rPrecision() {
        return ideal.length == 0 ? 0 : precisionAt(ideal.length);
    }

    /**
     * Returns normalised discounted cumulative gain: {@code Σ gain_i / log2(i + 1)} over ranks from 1, by that of the
     * best order of all that are relevant (K. Järvelin and J. Kekäläinen, "Cumulated gain-based evaluation of IR
     * techniques", ACM TOIS 20, 2002, with the discount and the linear gain of trec_eval).
     *
     * @return in [0, 1]
     */
    public double ndcg() {
        return ideal.length == 0 ? 0 : discounted(gains, gains.length) / discounted(ideal, ideal.length);
    }

    /**
     * Returns {@link #ndcg} of the first k against the best order of k.
     *
     * @param k at least 1
     * @return in [0, 1]
     */
    public double ndcgAt(int k) {
        requireCut(k);
        return ideal.length == 0 ? 0 : discounted(gains, k) / discounted(ideal, k);
    }

    /**
     * Returns binary preference, which looks at judged ids alone: the average over all R that are relevant of {@code 1
     * - min(n, R) / min(N, R)}, with n judged as not relevant above it and N in all; 0 for those not found (C. Buckley
     * and E. M. Voorhees, "Retrieval evaluation with incomplete information", SIGIR 2004, as corrected in trec_eval).
     *
     * @return in [0, 1]
     */
    public double bpref() {
        int bound = Math.min(judgedNotRelevant, ideal.length);
        double sum = 0;
        int above = 0;
        for (int i = 0; i < gains.length; i++) {
            if (gains[i] > 0) {
                sum += above == 0 ? 1 : 1 - Math.min(above, ideal.length) / (double) bound;
            } else if (judged[i]) {
                above++;
            }
        }
        return share(sum);
    }

    private int relevantIn(int k) {
        requireCut(k);
        int found = 0;
        for (int i = 0; i < Math.min(k, gains.length); i++) {
            found += gains[i] > 0 ? 1 : 0;
        }
        return found;
    }

    private double share(double sum) {
        return ideal.length == 0 ? 0 : sum / ideal.length;
    }

    private static double discounted(int[] gains, int k) {
        double sum = 0;
        for (int i = 0; i < Math.min(k, gains.length); i++) {
            sum += gains[i] * Math.log(2) / Math.log(i + 2);
        }
        return sum;
    }

    private static void requireCut(int k) {
        if (k < 1) {
            throw new IllegalArgumentException("the cut of a ranking must be at least 1 but was " + k);
        }
    }
}
