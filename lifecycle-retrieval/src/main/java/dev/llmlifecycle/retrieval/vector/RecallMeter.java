package dev.llmlifecycle.retrieval.vector;

import java.util.List;

import dev.llmlifecycle.api.statistics.Proportions;

/** Counts which share of the true nearest entries searches find; not thread-safe. */
final class RecallMeter {

    private static final double LEVEL = 0.95;

    private long queries;
    private long found;
    private long wanted;

    /** Adds what a search found beside what it should have found. */
    void add(VectorSearchResult result, VectorSearchResult exact) {
        List<VectorMatch> truth = exact.matches();
        queries++;
        if (!truth.isEmpty()) {
            // Entries as near as the last one are as good.
            double last = truth.get(truth.size() - 1).score();
            found += result.matches().stream()
                    .filter(match -> match.score() >= last)
                    .count();
            wanted += truth.size();
        }
    }

    /** Returns the share; of nothing wanted, all was found. */
    double recall() {
        return wanted == 0 ? 1 : (double) found / wanted;
    }

    RecallEstimate estimate(int width) {
        return new RecallEstimate(
                width, queries, recall(), Proportions.wilson(wanted == 0 ? 1 : found, Math.max(1, wanted), LEVEL));
    }
}
