package dev.llmlifecycle.retrieval.hybrid;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.api.retrieval.Retrieval;

/**
 * How a hybrid retrieval came about.
 *
 * @param retrieval what {@link HybridRetriever#retrieve} returns
 * @param passages why each passage is where it is, in the order of the retrieval
 * @param dropped the sources that did not count, in the order they were declared
 * @param timings how long each source was waited for after the search began, by its name
 * @since 0.1
 */
public record HybridExplanation(
        Retrieval retrieval, List<FusedPassage> passages, List<DroppedSource> dropped, Map<String, Duration> timings) {

    /** Copies the lists and the map. */
    public HybridExplanation {
        passages = List.copyOf(passages);
        dropped = List.copyOf(dropped);
        timings = Map.copyOf(timings);
    }

    /**
     * A passage and what made its score.
     *
     * @param passage the passage with its fused score
     * @param contributions one of each source that found it, in the order they were declared; they add up to the score
     */
    public record FusedPassage(Passage passage, List<Contribution> contributions) {

        /** Copies the list. */
        public FusedPassage {
            contributions = List.copyOf(contributions);
        }
    }

    /**
     * What one source gave to a passage.
     *
     * @param source the name of the source
     * @param rank the passage's rank there, from 1; equal scores share one
     * @param score the passage's score there
     * @param contribution what was added to the fused score
     */
    public record Contribution(String source, int rank, double score, double contribution) {}

    /**
     * A source that failed or was too slow.
     *
     * @param source its name
     * @param reason why it did not count, without text of the question
     */
    public record DroppedSource(String source, String reason) {}
}
