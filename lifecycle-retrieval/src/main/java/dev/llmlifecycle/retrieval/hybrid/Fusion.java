package dev.llmlifecycle.retrieval.hybrid;

import java.util.List;
import java.util.Map;

import dev.llmlifecycle.api.identity.Identified;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.retrieval.Passage;

/**
 * How the rankings of several sources become one: each source contributes to a passage, and the sum is its score.
 *
 * <p>Immutable.
 *
 * @since 0.1
 */
public final class Fusion implements Identified {

    @FunctionalInterface
    private interface Part {

        double of(int rank, double score, double lowest, double highest);
    }

    private final Identity identity;
    private final Part part;

    private Fusion(Identity identity, Part part) {
        this.identity = identity;
        this.part = part;
    }

    /**
     * Fuses by rank alone: a source contributes its weight / (k + rank). Passages that a source scores alike share the
     * better rank.
     *
     * <p>Source: G. V. Cormack, C. L. A. Clarke, S. Büttcher, "Reciprocal Rank Fusion outperforms Condorcet and
     * individual Rank Learning Methods", SIGIR 2009; the paper uses 60 for k.
     *
     * @param k how much less the first ranks count, at least 1
     * @return the fusion
     * @throws IllegalArgumentException when k is less than 1
     */
    public static Fusion reciprocalRank(int k) {
        if (k < 1) {
            throw new IllegalArgumentException(
                    "k of the reciprocal rank fusion must be at least 1 but was " + k + "; 60 is usual");
        }
        return new Fusion(
                Identity.of("reciprocal-rank-fusion", "1", Map.of("k", k)),
                (rank, score, lowest, highest) -> 1.0 / ((double) k + rank));
    }

    /**
     * Fuses by score: a source contributes its weight, times the score scaled so that its lowest score is 0 and its
     * highest is 1. Where all scores of a source are the same, each counts as 1.
     *
     * @return the fusion
     */
    public static Fusion relativeScore() {
        return new Fusion(Identity.of("relative-score-fusion", "1"), (rank, score, lowest, highest) -> {
            // Halved, so that the range of very large scores does not overflow.
            double range = highest / 2 - lowest / 2;
            return range > 0 ? (score / 2 - lowest / 2) / range : 1.0;
        });
    }

    /** What a passage gets from a source, whose passages are ordered best first. */
    double contribution(int rank, double score, double weight, List<Passage> found) {
        return weight
                * part.of(
                        rank,
                        score,
                        found.get(found.size() - 1).score(),
                        found.get(0).score());
    }

    @Override
    public Identity identity() {
        return identity;
    }
}
