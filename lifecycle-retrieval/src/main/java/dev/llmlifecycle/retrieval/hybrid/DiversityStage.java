package dev.llmlifecycle.retrieval.hybrid;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.store.embedding.CosineSimilarity;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.api.retrieval.RetrievalRequest;

/** Maximal marginal relevance: takes the passage next that is relevant and least like those already taken. */
final class DiversityStage implements RetrievalStage {

    /** Says how alike two passages are, by their places, from 0 to 1. */
    @FunctionalInterface
    interface Similarity {

        double of(int a, int b);
    }

    @FunctionalInterface
    interface Likeness {

        Similarity among(List<Passage> passages);
    }

    private final double lambda;
    private final int count;
    private final Likeness likeness;
    private final Optional<Duration> timeout;
    private final Identity identity;

    private DiversityStage(
            double lambda, int count, Likeness likeness, Optional<Duration> timeout, Map<String, Object> measure) {
        if (!(lambda >= 0 && lambda <= 1)) {
            throw new IllegalArgumentException("lambda of the stage 'mmr' must be from 0 to 1 but was " + lambda);
        }
        this.lambda = lambda;
        this.count = CutStage.requireCount(count, "mmr");
        this.likeness = likeness;
        this.timeout = timeout;
        this.identity = Identity.of("mmr", "1", Map.of("lambda", lambda, "count", count, "similarity", measure));
    }

    static DiversityStage byWords(double lambda, int count) {
        return new DiversityStage(
                lambda,
                count,
                passages -> {
                    List<Set<String>> words = passages.stream()
                            .map(passage -> Words.of(passage.text()))
                            .toList();
                    return (a, b) -> Words.cosine(words.get(a), words.get(b));
                },
                Optional.empty(),
                Map.of("words", true));
    }

    static DiversityStage byVectors(
            double lambda, int count, EmbeddingModel model, Identity modelIdentity, Duration timeout) {
        return new DiversityStage(
                lambda,
                count,
                passages -> {
                    List<Embedding> vectors = model.embedAll(
                                    passages.stream().map(Passage::segment).toList())
                            .content();
                    if (vectors.size() != passages.size()) {
                        throw new LifecycleException("Embedding " + passages.size() + " passages with " + modelIdentity
                                + " gave " + vectors.size() + " vectors; check the embedding model");
                    }
                    return (a, b) -> Math.max(0, CosineSimilarity.between(vectors.get(a), vectors.get(b)));
                },
                Optional.of(TimedCall.requireTimeout(timeout, "the stage 'mmr'")),
                Map.of("model", modelIdentity.toCanonical()));
    }

    @Override
    public Outcome apply(RetrievalRequest request, List<Passage> passages) {
        int size = passages.size();
        double[] relevance = Scaling.scaled(passages);
        Similarity similarity = likeness.among(passages);
        double[] nearest = new double[size];
        int[] nearestTo = new int[size];
        Arrays.fill(nearestTo, -1);
        boolean[] taken = new boolean[size];
        List<Kept> kept = new ArrayList<>();
        while (kept.size() < Math.min(count, size)) {
            int best = -1;
            for (int i = 0; i < size; i++) {
                if (!taken[i] && (best < 0 || isBetter(i, best, passages, relevance, nearest))) {
                    best = i;
                }
            }
            taken[best] = true;
            kept.add(Kept.scored(
                    passages.get(best),
                    value(best, relevance, nearest),
                    "relevance " + Scaling.show(relevance[best]) + ", most alike "
                            + (nearestTo[best] < 0
                                    ? "none"
                                    : "'" + passages.get(nearestTo[best]).id() + "' " + Scaling.show(nearest[best]))));
            for (int i = 0; i < size; i++) {
                double alike = taken[i] ? 0 : similarity.of(i, best);
                if (alike > nearest[i]) {
                    nearest[i] = alike;
                    nearestTo[i] = best;
                }
            }
        }
        List<LeftOut> leftOut = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            if (!taken[i]) {
                leftOut.add(new LeftOut(passages.get(i).id(), "others add more, and " + count + " are enough"));
            }
        }
        return new Outcome(kept, leftOut);
    }

    private boolean isBetter(int a, int b, List<Passage> passages, double[] relevance, double[] nearest) {
        int byValue = Double.compare(value(a, relevance, nearest), value(b, relevance, nearest));
        return byValue > 0
                || (byValue == 0
                        && passages.get(a).id().compareTo(passages.get(b).id()) < 0);
    }

    private double value(int i, double[] relevance, double[] nearest) {
        return lambda * relevance[i] - (1 - lambda) * nearest[i];
    }

    @Override
    public Optional<Duration> timeout() {
        return timeout;
    }

    @Override
    public Identity identity() {
        return identity;
    }
}
