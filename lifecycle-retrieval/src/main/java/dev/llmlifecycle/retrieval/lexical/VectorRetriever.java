package dev.llmlifecycle.retrieval.lexical;

import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.api.retrieval.Retrieval;
import dev.llmlifecycle.api.retrieval.RetrievalRequest;
import dev.llmlifecycle.api.retrieval.Retriever;
import dev.llmlifecycle.retrieval.vector.VectorMatch;
import dev.llmlifecycle.retrieval.vector.VectorQuery;

/** Finds passages by their vectors, in the state that the index has when the question is embedded. */
final class VectorRetriever implements Retriever {

    private final HybridIndex index;
    private final EmbeddingModel model;
    private final Identity modelIdentity;
    private final String corpusId;
    private final int maxPassages;
    private final Identity identity;

    VectorRetriever(HybridIndex index, EmbeddingModel model, Identity modelIdentity, String corpusId, int maxPassages) {
        this.index = index;
        this.model = Objects.requireNonNull(model, "model");
        this.modelIdentity = modelIdentity;
        this.corpusId = corpusId;
        this.maxPassages = LexicalOptions.requirePassages(maxPassages);
        this.identity = Identity.of(
                "hybrid-index-vectors", "1", Map.of("model", modelIdentity.toCanonical(), "maxPassages", maxPassages));
    }

    @Override
    public Retrieval retrieve(RetrievalRequest request) {
        // Control characters alone are no text to LangChain4j.
        if (request.text().trim().isEmpty()) {
            return new Retrieval(List.of(), snapshotId());
        }
        new Deadline(request.deadline(), index.clock()).require();
        float[] vector = embed(request.text());
        VectorQuery.Builder query = VectorQuery.builder(vector).k(maxPassages);
        request.filter().ifPresent(query::filter);
        request.deadline().ifPresent(query::deadline);
        return index.read(state -> new Retrieval(
                state.vectors().search(query.build()).matches().stream()
                        .map(VectorRetriever::passage)
                        .toList(),
                state.id()));
    }

    private float[] embed(String text) {
        float[] vector;
        try {
            vector = model.embed(text).content().vector();
        } catch (RuntimeException e) {
            throw new LifecycleException(
                    "Embedding a question with " + modelIdentity + " failed; check the embedding model", e);
        }
        if (vector.length != index.dimension()) {
            throw new LifecycleException("Embedding a question with " + modelIdentity + " gave " + vector.length
                    + " dimensions but the index has " + index.dimension()
                    + "; use the model that the index was made with");
        }
        return vector;
    }

    private static Passage passage(VectorMatch match) {
        return new Passage(match.id(), TextSegment.from(match.text().orElseThrow(), match.metadata()), match.score());
    }

    @Override
    public String corpusId() {
        return corpusId;
    }

    @Override
    public String snapshotId() {
        return index.snapshotId();
    }

    @Override
    public Identity identity() {
        return identity;
    }
}
