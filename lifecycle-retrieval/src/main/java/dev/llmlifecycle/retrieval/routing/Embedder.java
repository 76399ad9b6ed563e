package dev.llmlifecycle.retrieval.routing;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.llmlifecycle.api.LifecycleException;

/**
 * An embedding model whose vectors are checked and brought to length one.
 *
 * @param model the model
 * @param name its name
 * @param dimension of its vectors
 * @param most characters of a text that are embedded
 */
record Embedder(EmbeddingModel model, String name, int dimension, int most) {

    private static final int BATCH = 64;

    /** Embeds a question and its parts in one call. */
    List<float[]> embed(List<String> texts, Optional<Instant> deadline, TimedCalls calls) {
        return calls.call("Embedding a question by '" + name + "'", deadline, () -> embedBatch(texts));
    }

    /** Embeds many texts, for as long as it takes. */
    List<float[]> embedAll(List<String> texts) {
        List<float[]> vectors = new ArrayList<>(texts.size());
        for (int from = 0; from < texts.size(); from += BATCH) {
            List<String> batch = texts.subList(from, Math.min(texts.size(), from + BATCH));
            try {
                vectors.addAll(embedBatch(batch));
            } catch (LifecycleException e) {
                throw e;
            } catch (RuntimeException e) {
                throw new LifecycleException(
                        "Embedding " + texts.size() + " examples by '" + name + "' failed; check the embedding model",
                        e);
            }
        }
        return vectors;
    }

    private List<float[]> embedBatch(List<String> texts) {
        List<Embedding> embeddings = model.embedAll(texts.stream()
                        .map(text -> TextSegment.from(Texts.bounded(text, most)))
                        .toList())
                .content();
        if (embeddings.size() != texts.size()) {
            throw new LifecycleException("Embedding " + texts.size() + " texts by '" + name + "' gave "
                    + embeddings.size() + " vectors; check the embedding model");
        }
        return embeddings.stream()
                .map(embedding -> normalised(embedding.vector()))
                .toList();
    }

    private float[] normalised(float[] vector) {
        if (vector.length != dimension) {
            throw new LifecycleException("Embedding a text by '" + name + "' gave " + vector.length
                    + " numbers where the model says " + dimension + "; check the embedding model");
        }
        double squares = 0;
        for (float value : vector) {
            squares += (double) value * value;
        }
        if (!Double.isFinite(squares)) {
            throw new LifecycleException(
                    "Embedding a text by '" + name + "' gave a vector that is not finite; check the embedding model");
        }
        double length = Math.sqrt(squares);
        float[] normalised = new float[vector.length];
        for (int i = 0; i < vector.length && length > 0; i++) {
            normalised[i] = (float) (vector[i] / length);
        }
        return normalised;
    }
}
