package dev.llmlifecycle.retrieval.hybrid;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.api.retrieval.RetrievalRequest;

/** Keeps the first passages, or those with a score. */
final class CutStage implements RetrievalStage {

    private final int count;
    private final double minimumScore;
    private final Identity identity;

    private CutStage(int count, double minimumScore, Identity identity) {
        this.count = count;
        this.minimumScore = minimumScore;
        this.identity = identity;
    }

    static CutStage first(int count) {
        return new CutStage(
                requireCount(count, "first"),
                Double.NEGATIVE_INFINITY,
                Identity.of("first", "1", Map.of("count", count)));
    }

    static CutStage minimumScore(double score) {
        if (!Double.isFinite(score)) {
            throw new IllegalArgumentException("the minimum score of a stage must be finite but was " + score);
        }
        return new CutStage(Integer.MAX_VALUE, score, Identity.of("minimum-score", "1", Map.of("minimumScore", score)));
    }

    static int requireCount(int count, String stage) {
        if (count < 1) {
            throw new IllegalArgumentException(
                    "the stage '" + stage + "' is to keep " + count + " passages; give at least 1");
        }
        return count;
    }

    @Override
    public Outcome apply(RetrievalRequest request, List<Passage> passages) {
        List<Kept> kept = new ArrayList<>();
        List<LeftOut> leftOut = new ArrayList<>();
        for (Passage passage : passages) {
            if (passage.score() < minimumScore) {
                leftOut.add(new LeftOut(
                        passage.id(),
                        "its score " + Scaling.show(passage.score()) + " is below " + Scaling.show(minimumScore)));
            } else if (kept.size() == count) {
                leftOut.add(new LeftOut(passage.id(), count + " are enough"));
            } else {
                kept.add(Kept.unchanged(passage, "kept"));
            }
        }
        return new Outcome(kept, leftOut);
    }

    @Override
    public Identity identity() {
        return identity;
    }
}
