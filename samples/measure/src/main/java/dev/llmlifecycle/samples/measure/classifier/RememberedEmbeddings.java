package dev.llmlifecycle.samples.measure.classifier;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.output.Response;

/** Embeds each text once, so that times are those of the classifier and not of the embedding. Not thread-safe. */
final class RememberedEmbeddings implements EmbeddingModel {

    private final EmbeddingModel model;
    private final Map<String, Embedding> known = new HashMap<>();

    RememberedEmbeddings(EmbeddingModel model) {
        this.model = model;
    }

    @Override
    public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
        List<TextSegment> unknown = segments.stream()
                .filter(segment -> !known.containsKey(segment.text()))
                .distinct()
                .toList();
        if (!unknown.isEmpty()) {
            List<Embedding> embeddings = model.embedAll(unknown).content();
            for (int i = 0; i < unknown.size(); i++) {
                known.put(unknown.get(i).text(), embeddings.get(i));
            }
        }
        List<Embedding> found = new ArrayList<>(segments.size());
        segments.forEach(segment -> found.add(Objects.requireNonNull(known.get(segment.text()))));
        return Response.from(found);
    }

    @Override
    public int dimension() {
        return model.dimension();
    }

    List<float[]> vectors(List<String> texts) {
        return embedAll(texts.stream().map(TextSegment::from).toList()).content().stream()
                .map(Embedding::vector)
                .toList();
    }
}
