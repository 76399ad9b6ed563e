package dev.llmlifecycle.core.classify;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.llmlifecycle.api.LifecycleException;

/**
 * An embedding model under the name by which a classifier knows it.
 *
 * @param name its name
 * @param model the model
 */
record NamedEmbeddings(String name, EmbeddingModel model) {

    private static final int BATCH = 256;

    NamedEmbeddings {
        if (Objects.requireNonNull(name, "name").isBlank()) {
            throw new IllegalArgumentException(
                    "the name of an embedding model is blank; give the name that tells it from other models");
        }
        Objects.requireNonNull(model, "model");
    }

    /** Embeds texts to vectors of length one; a blank text, which many models refuse, becomes a vector of zeros. */
    List<float[]> embed(List<String> texts, int dimension) {
        float[][] vectors = new float[texts.size()][];
        List<Integer> positions = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            if (isBlank(cut(texts.get(i)))) {
                vectors[i] = new float[dimension];
            } else {
                positions.add(i);
            }
        }
        for (int start = 0; start < positions.size(); start += BATCH) {
            if (Thread.currentThread().isInterrupted()) {
                throw new LifecycleException("Embedding texts with '" + name + "' was interrupted after " + start
                        + " of " + positions.size() + "; nothing was kept, start again");
            }
            List<Integer> batch = positions.subList(start, Math.min(start + BATCH, positions.size()));
            List<Embedding> embeddings = model.embedAll(batch.stream()
                            .map(position -> TextSegment.from(cut(texts.get(position))))
                            .toList())
                    .content();
            if (embeddings.size() != batch.size()) {
                throw new LifecycleException("Embedding " + batch.size() + " texts with '" + name + "' gave "
                        + embeddings.size() + " vectors; check the model");
            }
            for (int i = 0; i < batch.size(); i++) {
                vectors[batch.get(i)] = normal(embeddings.get(i).vector(), dimension, batch.get(i));
            }
        }
        return List.of(vectors);
    }

    private float[] normal(float[] vector, int dimension, int position) {
        if (vector.length != dimension) {
            throw new LifecycleException("Embedding text " + position + " with '" + name + "' gave " + vector.length
                    + " dimensions instead of " + dimension + "; use one model for all texts");
        }
        double squares = 0;
        for (float value : vector) {
            if (!Float.isFinite(value)) {
                throw new LifecycleException("Embedding text " + position + " with '" + name + "' gave " + value
                        + " as a number; check the model, or leave that text out");
            }
            squares += (double) value * value;
        }
        float[] normal = new float[dimension];
        double length = StrictMath.sqrt(squares);
        for (int i = 0; i < dimension && length > 0; i++) {
            normal[i] = (float) (vector[i] / length);
        }
        return normal;
    }

    /** As {@link TextSegment} sees it, which takes control characters for blanks, and as Unicode does. */
    private static boolean isBlank(String text) {
        return text.isBlank() || text.trim().isEmpty();
    }

    private static String cut(String text) {
        return text.length() > NGrams.MAX_CHARACTERS ? text.substring(0, NGrams.MAX_CHARACTERS) : text;
    }
}
