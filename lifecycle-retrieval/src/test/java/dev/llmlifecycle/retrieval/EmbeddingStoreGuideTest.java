package dev.llmlifecycle.retrieval;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.langchain4j.data.document.Document;
import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.onnx.allminilml6v2q.AllMiniLmL6V2QuantizedEmbeddingModel;
import dev.langchain4j.rag.content.retriever.ContentRetriever;
import dev.langchain4j.rag.content.retriever.EmbeddingStoreContentRetriever;
import dev.langchain4j.rag.query.Query;
import dev.langchain4j.store.embedding.EmbeddingSearchRequest;
import dev.langchain4j.store.embedding.EmbeddingStore;
import dev.langchain4j.store.embedding.EmbeddingStoreIngestor;
import dev.langchain4j.store.embedding.filter.Filter;
import dev.langchain4j.store.embedding.inmemory.InMemoryEmbeddingStore;
import dev.llmlifecycle.retrieval.langchain4j.InMemoryStoreFile;
import dev.llmlifecycle.retrieval.langchain4j.VectorIndexEmbeddingStore;
import dev.llmlifecycle.retrieval.vector.VectorIndex;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static dev.langchain4j.store.embedding.filter.MetadataFilterBuilder.metadataKey;
import static org.assertj.core.api.Assertions.assertThat;

/** What {@code docs/embedding-store.md} shows, with a real embedding model. */
@NullMarked
class EmbeddingStoreGuideTest {

    @TempDir
    Path directory;

    private final EmbeddingModel model = new AllMiniLmL6V2QuantizedEmbeddingModel();

    private final List<Document> documents = List.of(
            Document.from("We pay the money back within five days.", Metadata.from("page", "refunds")),
            Document.from("Parcels leave the warehouse at noon.", Metadata.from("page", "shipping")));

    @Test
    void isAStoreForLangChain4j() {
        List<String> found = new ArrayList<>();
        // docs:begin store
        try (VectorIndex index =
                VectorIndex.builder(model.dimension()).directory(directory).build()) {
            EmbeddingStore<TextSegment> store = VectorIndexEmbeddingStore.of(index);
            EmbeddingStoreIngestor.builder()
                    .embeddingModel(model)
                    .embeddingStore(store)
                    .build()
                    .ingest(documents);

            ContentRetriever retriever = EmbeddingStoreContentRetriever.builder()
                    .embeddingModel(model)
                    .embeddingStore(store)
                    .maxResults(1)
                    .build();
            retriever
                    .retrieve(Query.from("When do I get my money?"))
                    .forEach(content -> found.add(content.textSegment().text()));
        }
        // docs:end store
        assertThat(found).containsExactly("We pay the money back within five days.");
    }

    @Test
    void filtersBeforeItCompares() {
        try (VectorIndex index = VectorIndex.builder(model.dimension()).build()) {
            EmbeddingStore<TextSegment> store = VectorIndexEmbeddingStore.of(index);
            EmbeddingStoreIngestor.builder()
                    .embeddingModel(model)
                    .embeddingStore(store)
                    .build()
                    .ingest(documents);
            Embedding question = model.embed("When do I get my money?").content();

            // docs:begin filter
            Filter shipping = metadataKey("page")
                    .isEqualTo("shipping")
                    .and(metadataKey("draft").isNotEqualTo("yes"));
            EmbeddingSearchRequest request = EmbeddingSearchRequest.builder()
                    .queryEmbedding(question)
                    .filter(shipping)
                    .build();
            List<String> texts = store.search(request).matches().stream()
                    .map(match -> match.embedded().text())
                    .toList();
            // docs:end filter

            assertThat(texts).containsExactly("Parcels leave the warehouse at noon.");
        }
    }

    @Test
    void takesOverAnInMemoryStore() {
        Path json = directory.resolve("store.json");
        InMemoryEmbeddingStore<TextSegment> old = new InMemoryEmbeddingStore<>();
        EmbeddingStoreIngestor.builder()
                .embeddingModel(model)
                .embeddingStore(old)
                .build()
                .ingest(documents);
        old.serializeToFile(json);

        // docs:begin migrate
        try (VectorIndex index = VectorIndex.builder(model.dimension())
                .directory(directory.resolve("index"))
                .build()) {
            long entries = InMemoryStoreFile.of(json).copyTo(VectorIndexEmbeddingStore.of(index));
            System.out.println(entries + " entries taken over");
        }
        // docs:end migrate

        try (VectorIndex index = VectorIndex.builder(model.dimension())
                .directory(directory.resolve("index"))
                .build()) {
            assertThat(index.size()).isEqualTo(2);
        }
    }
}
