package dev.llmlifecycle.core.examples;

import java.util.List;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.output.Response;

/** A model that somebody replaces behind its name. */
final class SwitchedModel implements EmbeddingModel {

    DrawnVectors now = new DrawnVectors(24);

    @Override
    public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
        return now.embedAll(segments);
    }

    @Override
    public int dimension() {
        return now.dimension();
    }
}
