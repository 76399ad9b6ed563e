package dev.llmlifecycle.retrieval.cache;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.output.Response;
import org.jspecify.annotations.NullMarked;

/** Vectors of hashed trigrams: near texts have near vectors. Counts its calls. */
@NullMarked
final class TrigramModel implements EmbeddingModel {

    final AtomicInteger calls = new AtomicInteger();
    private String name = "trigrams";
    private int dimension = 128;

    void become(String otherName, int otherDimension) {
        name = otherName;
        dimension = otherDimension;
    }

    @Override
    public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
        calls.incrementAndGet();
        List<Embedding> embeddings = new ArrayList<>();
        for (TextSegment segment : segments) {
            float[] vector = new float[dimension];
            String text = "  " + segment.text().toLowerCase(Locale.ROOT) + " ";
            for (int i = 0; i + 3 <= text.length(); i++) {
                vector[Math.floorMod(text.substring(i, i + 3).hashCode() * 31, dimension)]++;
            }
            embeddings.add(Embedding.from(vector));
        }
        return Response.from(embeddings);
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
