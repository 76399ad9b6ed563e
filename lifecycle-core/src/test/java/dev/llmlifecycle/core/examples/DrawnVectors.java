package dev.llmlifecycle.core.examples;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.output.Response;

/**
 * Draws a vector for each text from its hash: texts with the same first word lie near each other. It writes down what
 * it was asked.
 */
final class DrawnVectors implements EmbeddingModel {

    final List<String> asked = Collections.synchronizedList(new ArrayList<>());
    private final int dimension;

    DrawnVectors(int dimension) {
        this.dimension = dimension;
    }

    @Override
    public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
        segments.forEach(segment -> asked.add(segment.text()));
        return Response.from(segments.stream()
                .map(segment -> Embedding.from(vector(segment.text())))
                .toList());
    }

    @Override
    public int dimension() {
        return dimension;
    }

    float[] vector(String text) {
        String topic = text.split(" ", 2)[0];
        Random near = new Random(topic.hashCode());
        Random own = new Random(text.hashCode());
        float[] vector = new float[dimension];
        for (int i = 0; i < dimension; i++) {
            vector[i] = (float) (near.nextGaussian() + 0.7 * own.nextGaussian());
        }
        return vector;
    }
}
