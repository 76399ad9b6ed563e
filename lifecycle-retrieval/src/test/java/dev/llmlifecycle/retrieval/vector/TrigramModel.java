package dev.llmlifecycle.retrieval.vector;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentLinkedQueue;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.output.Response;
import dev.llmlifecycle.api.identity.Identity;
import org.jspecify.annotations.NullMarked;

/** Counts hashed character trigrams, and remembers what it was asked for. */
@NullMarked
public final class TrigramModel implements EmbeddingModel {

    static final Identity IDENTITY = Identity.of("trigrams", "1");

    private final int dimension;

    final ConcurrentLinkedQueue<String> asked = new ConcurrentLinkedQueue<>();

    public TrigramModel() {
        this(256);
    }

    public TrigramModel(int dimension) {
        this.dimension = dimension;
    }

    @Override
    public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
        return Response.from(segments.stream()
                .map(segment -> embed(segment))
                .map(Response::content)
                .toList());
    }

    @Override
    public Response<Embedding> embed(TextSegment segment) {
        asked.add(segment.text());
        float[] vector = new float[dimension];
        String text = "  " + segment.text().toLowerCase(Locale.ROOT) + "  ";
        for (int i = 0; i + 3 <= text.length(); i++) {
            vector[Math.floorMod(text.substring(i, i + 3).hashCode() * 31, dimension)]++;
        }
        return Response.from(Embedding.from(vector));
    }

    @Override
    public Response<Embedding> embed(String text) {
        return embed(TextSegment.from(text));
    }
}
