package dev.llmlifecycle.retrieval.langchain4j;

import java.util.List;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.store.embedding.inmemory.InMemoryEmbeddingStore;
import dev.llmlifecycle.api.contract.RetrieverContract;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.retrieval.Retriever;
import dev.llmlifecycle.retrieval.vector.TrigramModel;

class EmbeddingStoreRetrieverContractTest extends RetrieverContract {

    @Override
    protected Retriever create(List<TextSegment> segments) {
        TrigramModel model = new TrigramModel();
        InMemoryEmbeddingStore<TextSegment> store = new InMemoryEmbeddingStore<>();
        for (int i = 0; i < segments.size(); i++) {
            Embedding embedding = model.embed(segments.get(i)).content();
            store.addAll(List.of("passage " + i), List.of(embedding), List.of(segments.get(i)));
        }
        return EmbeddingStoreRetriever.builder(store, model, Identity.of("trigrams", "1"))
                .version(() -> "v" + segments.size())
                .build();
    }
}
