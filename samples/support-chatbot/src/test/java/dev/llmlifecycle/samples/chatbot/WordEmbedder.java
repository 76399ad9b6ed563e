package dev.llmlifecycle.samples.chatbot;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.output.Response;
import dev.llmlifecycle.api.identity.Identity;

/** Embeds a text as its words, without a model; counts the texts it was asked for. */
final class WordEmbedder implements EmbeddingModel {

    private static final int DIMENSIONS = 256;

    private final AtomicInteger texts = new AtomicInteger();

    Embedder embedder() {
        return new Embedder(this, Identity.of("words", "1"));
    }

    int texts() {
        return texts.get();
    }

    @Override
    public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
        texts.addAndGet(segments.size());
        return Response.from(
                segments.stream().map(segment -> vector(segment.text())).toList());
    }

    private static Embedding vector(String text) {
        float[] vector = new float[DIMENSIONS];
        vector[0] = 0.01f; // no text is without a direction
        for (String word : text.toLowerCase(Locale.ROOT).split("[^\\p{L}\\p{N}]+", -1)) {
            if (word.length() > 2) {
                vector[Math.floorMod(word.hashCode(), DIMENSIONS)] += 1;
            }
        }
        return Embedding.from(vector);
    }
}
