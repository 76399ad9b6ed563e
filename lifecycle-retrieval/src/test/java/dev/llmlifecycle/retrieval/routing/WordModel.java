package dev.llmlifecycle.retrieval.routing;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.output.Response;
import org.jspecify.annotations.NullMarked;

/** An embedding model that adds up one vector for each word, and remembers what it was given. Not thread-safe. */
@NullMarked
final class WordModel implements EmbeddingModel {

    final List<String> embedded = new ArrayList<>();
    private final int dimension;
    private final String name;

    WordModel() {
        this(128, "words");
    }

    WordModel(int dimension, String name) {
        this.dimension = dimension;
        this.name = name;
    }

    @Override
    public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
        return Response.from(segments.stream()
                .map(segment -> {
                    embedded.add(segment.text());
                    return Embedding.from(vector(segment.text()));
                })
                .toList());
    }

    private float[] vector(String text) {
        float[] sum = new float[dimension];
        for (String word : Texts.words(text)) {
            SplittableRandom random = new SplittableRandom(word.hashCode() * 31L + 7);
            for (int i = 0; i < dimension; i++) {
                sum[i] += (float) (random.nextDouble() - 0.5);
            }
        }
        return sum;
    }

    @Override
    public int dimension() {
        return dimension;
    }

    @Override
    public String modelName() {
        return name;
    }
}
