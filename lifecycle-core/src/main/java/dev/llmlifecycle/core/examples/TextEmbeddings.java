package dev.llmlifecycle.core.examples;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.identity.Identity;

/**
 * Makes vectors of length one of texts.
 *
 * @param identity of the model
 * @param model embeds
 */
record TextEmbeddings(Identity identity, EmbeddingModel model) {

    private static final int BATCH = 256;
    private static final int MAX_CHARACTERS = 20_000;

    TextEmbeddings {
        Objects.requireNonNull(identity, "identity");
        Objects.requireNonNull(model, "model");
    }

    /** Embeds texts, of equal ones only one. A text without anything a model would read has a vector of zeros. */
    List<float[]> embed(List<String> texts) {
        Map<String, float[]> vectors = new LinkedHashMap<>();
        texts.forEach(text -> vectors.put(cut(text), new float[0]));
        List<String> distinct =
                vectors.keySet().stream().filter(text -> !isBlank(text)).toList();
        int dimension = -1;
        for (int start = 0; start < distinct.size(); start += BATCH) {
            if (Thread.currentThread().isInterrupted()) {
                throw new LifecycleException("Embedding examples with '" + identity.name() + "' was interrupted after "
                        + start + " of " + distinct.size() + "; nothing was kept, start again");
            }
            List<String> batch = distinct.subList(start, Math.min(start + BATCH, distinct.size()));
            List<Embedding> embedded = model.embedAll(
                            batch.stream().map(TextSegment::from).toList())
                    .content();
            if (embedded.size() != batch.size()) {
                throw new LifecycleException("Embedding " + batch.size() + " texts with '" + identity.name() + "' gave "
                        + embedded.size() + " vectors; check the model");
            }
            for (int i = 0; i < batch.size(); i++) {
                float[] vector = embedded.get(i).vector();
                dimension = dimension < 0 ? vector.length : dimension;
                if (vector.length != dimension) {
                    throw new LifecycleException("Embedding texts with '" + identity.name() + "' gave vectors of "
                            + dimension + " and of " + vector.length + " numbers; check the model");
                }
                vectors.put(
                        batch.get(i),
                        normal(vector)
                                .orElseThrow(() -> new LifecycleException("Embedding texts with '" + identity.name()
                                        + "' gave a vector with a number that is not finite; check the model")));
            }
        }
        int length = Math.max(0, dimension);
        List<float[]> inOrder = new ArrayList<>(texts.size());
        for (String text : texts) {
            float[] vector = Objects.requireNonNull(vectors.get(cut(text)));
            inOrder.add(vector.length == 0 ? new float[length] : vector);
        }
        return inOrder;
    }

    /** Returns a vector of length one, zeros for zeros, nothing when a number is not finite. */
    static Optional<float[]> normal(float[] vector) {
        double squares = 0;
        for (float value : vector) {
            squares += (double) value * value;
        }
        if (!Double.isFinite(squares)) {
            return Optional.empty();
        }
        float[] normal = new float[vector.length];
        double length = StrictMath.sqrt(squares);
        for (int i = 0; i < normal.length && length > 0; i++) {
            normal[i] = (float) (vector[i] / length);
        }
        return Optional.of(normal);
    }

    /** As {@link TextSegment} sees it, which takes control characters for blanks, and as Unicode does. */
    private static boolean isBlank(String text) {
        return text.isBlank() || text.trim().isEmpty();
    }

    /** Keeps the beginning of a long text, which is more than models read, and no half of a character. */
    private static String cut(String text) {
        if (text.length() <= MAX_CHARACTERS) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(MAX_CHARACTERS - 1)) ? MAX_CHARACTERS - 1 : MAX_CHARACTERS;
        return text.substring(0, end);
    }
}
