package dev.llmlifecycle.retrieval.vector;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.retrieval.Retrieval;
import dev.llmlifecycle.api.retrieval.RetrievalRequest;
import dev.llmlifecycle.api.retrieval.Retriever;

/** Searches whatever snapshot its index has when it is asked. The index knows no tenants. */
final class IndexRetriever implements Retriever {

    private final PassageIndex index;
    private final int maxPassages;
    private final double minimumScore;
    private final Snapshot.Weights weights;
    private final boolean parents;
    private final Identity identity;

    IndexRetriever(
            PassageIndex index, int maxPassages, double minimumScore, Snapshot.Weights weights, boolean parents) {
        this.index = index;
        this.maxPassages = maxPassages;
        this.minimumScore = minimumScore;
        this.weights = weights;
        this.parents = parents;
        Map<String, Object> configuration = new HashMap<>(Map.of(
                "model", index.modelIdentity().toCanonical(),
                "maxPassages", maxPassages,
                "minimumScore", minimumScore,
                "sentenceWeight", weights.sentence(),
                "lexicalWeight", weights.lexical(),
                "graphThreshold", index.graphThreshold()));
        if (parents) {
            configuration.put("parents", true);
        }
        this.identity = Identity.of("passage-index", "1", configuration);
    }

    @Override
    public Retrieval retrieve(RetrievalRequest request) {
        Snapshot snapshot = index.snapshot();
        // Control characters alone are no text to LangChain4j.
        if (snapshot.passages().isEmpty() || request.text().trim().isEmpty()) {
            return new Retrieval(List.of(), snapshot.id());
        }
        requireTime(request, "embedding the question");
        float[] question = embed(request.text());
        if (question.length != snapshot.dimension()) {
            throw new LifecycleException("Embedding a question gave " + question.length
                    + " dimensions but the index has " + snapshot.dimension()
                    + "; use the model that the index was made with");
        }
        requireTime(request, "searching the index");
        return new Retrieval(
                snapshot.best(request.text(), question, request.filter(), maxPassages, minimumScore, weights, parents),
                snapshot.id());
    }

    private float[] embed(String text) {
        float[] vector;
        try {
            vector = index.model().embed(text).content().vector();
        } catch (RuntimeException e) {
            throw new LifecycleException(
                    "Embedding a question with " + index.modelIdentity() + " failed; check the embedding model", e);
        }
        return Vectors.normalise(vector);
    }

    private void requireTime(RetrievalRequest request, String next) {
        Instant now = index.clock().instant();
        request.deadline().filter(deadline -> !now.isBefore(deadline)).ifPresent(deadline -> {
            throw new LifecycleException("Retrieving ran out of time before " + next + ": the deadline was " + deadline
                    + "; allow more time or use a faster embedding model");
        });
    }

    @Override
    public String corpusId() {
        return index.corpusId();
    }

    @Override
    public String snapshotId() {
        return index.snapshot().id();
    }

    @Override
    public Identity identity() {
        return identity;
    }
}
