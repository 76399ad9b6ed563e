package dev.llmlifecycle.retrieval.hybrid;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

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

    /**
     * Where a source has a passage.
     *
     * @param rank from 1; equal scores share one
     * @param scaled the score, so that the lowest of the source is 0 and its highest is 1
     * @param weight that of the source
     */
    record Place(String source, int rank, double scaled, double weight) {}

    @FunctionalInterface
    interface Part {

        double of(Place place);
    }

    private final Identity identity;
    private final Optional<Set<String>> sources;
    private final Part part;

    /** Creates a fusion, which knows some sources only or any. */
    Fusion(Identity identity, Optional<Set<String>> sources, Part part) {
        this.identity = identity;
        this.sources = sources;
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
                Optional.empty(),
                place -> place.weight() / ((double) k + place.rank()));
    }

    /**
     * Fuses by score: a source contributes its weight, times the score scaled so that its lowest score is 0 and its
     * highest is 1. Where all scores of a source are the same, each counts as 1.
     *
     * @return the fusion
     */
    public static Fusion relativeScore() {
        return new Fusion(
                Identity.of("relative-score-fusion", "1"), Optional.empty(), place -> place.weight() * place.scaled());
    }

    /** What a passage gets from a source. */
    double contribution(Place place) {
        return part.of(place);
    }

    /** Returns the places of the passages of a source, which are ordered best first. */
    static List<Place> places(String source, double weight, List<Passage> found) {
        List<Place> places = new ArrayList<>(found.size());
        int rank = 1;
        for (int i = 0; i < found.size(); i++) {
            double score = found.get(i).score();
            if (i > 0 && score < found.get(i - 1).score()) {
                rank = i + 1;
            }
            double scaled = Scaling.scaled(
                    score, found.get(found.size() - 1).score(), found.get(0).score());
            places.add(new Place(source, rank, scaled, weight));
        }
        return places;
    }

    /** Returns the sources that this fusion was made for, where it was made for some. */
    Optional<Set<String>> sources() {
        return sources;
    }

    @Override
    public Identity identity() {
        return identity;
    }
}
