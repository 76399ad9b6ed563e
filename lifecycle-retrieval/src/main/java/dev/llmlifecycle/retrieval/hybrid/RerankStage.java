package dev.llmlifecycle.retrieval.hybrid;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

import dev.langchain4j.model.scoring.ScoringModel;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.api.retrieval.RetrievalRequest;
import org.jspecify.annotations.Nullable;

/** Gives each passage the score of a model that reads it together with the question. */
final class RerankStage implements RetrievalStage {

    private final ScoringModel model;
    private final Identity modelIdentity;
    private final int candidates;
    private final Duration timeout;
    private final Identity identity;

    RerankStage(ScoringModel model, Identity modelIdentity, int candidates, Duration timeout) {
        this.model = Objects.requireNonNull(model, "model");
        this.modelIdentity = Objects.requireNonNull(modelIdentity, "modelIdentity");
        this.candidates = CutStage.requireCount(candidates, "rerank");
        this.timeout = TimedCall.requireTimeout(timeout, "the stage 'rerank'");
        this.identity =
                Identity.of("rerank", "1", Map.of("model", modelIdentity.toCanonical(), "candidates", candidates));
    }

    @Override
    public Outcome apply(RetrievalRequest request, List<Passage> passages) {
        List<Passage> read = passages.subList(0, Math.min(candidates, passages.size()));
        @Nullable List<Double> scores = model.scoreAll(read.stream().map(Passage::segment).toList(), request.text())
                .content();
        if (scores == null || scores.size() != read.size()) {
            throw new LifecycleException("Scoring " + read.size() + " passages with " + modelIdentity + " gave "
                    + (scores == null ? 0 : scores.size()) + " scores; a scoring model has to give one for each");
        }
        List<Kept> kept = new ArrayList<>();
        for (int i = 0; i < read.size(); i++) {
            @Nullable Double score = scores.get(i);
            if (score == null || !Double.isFinite(score)) {
                throw new LifecycleException("Scoring " + read.size() + " passages with " + modelIdentity
                        + " gave the score " + score + " to the passage '"
                        + read.get(i).id() + "'; scores have to be finite");
            }
            kept.add(Kept.scored(read.get(i), score, "scored by " + modelIdentity.name()));
        }
        kept.sort(Comparator.comparing(Kept::passage, Scaling.BEST_FIRST));
        return new Outcome(
                kept,
                passages.subList(read.size(), passages.size()).stream()
                        .map(passage -> new LeftOut(
                                passage.id(), "it was not among the first " + candidates + ", which are scored"))
                        .toList());
    }

    @Override
    public Optional<Duration> timeout() {
        return Optional.of(timeout);
    }

    @Override
    public Identity identity() {
        return identity;
    }
}
