package dev.llmlifecycle.retrieval;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.langchain4j.data.document.Document;
import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.onnx.allminilml6v2q.AllMiniLmL6V2QuantizedEmbeddingModel;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.retrieval.ContextCache;
import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.api.retrieval.Retrieval;
import dev.llmlifecycle.api.retrieval.RetrievalRequest;
import dev.llmlifecycle.api.retrieval.Retriever;
import dev.llmlifecycle.retrieval.cache.CaffeineContextCache;
import dev.llmlifecycle.retrieval.ingest.DocumentFolder;
import dev.llmlifecycle.retrieval.ingest.PassageSplitter;
import dev.llmlifecycle.retrieval.ingest.SkippedFile;
import dev.llmlifecycle.retrieval.vector.IngestionReport;
import dev.llmlifecycle.retrieval.vector.PassageIndex;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static dev.langchain4j.store.embedding.filter.MetadataFilterBuilder.metadataKey;
import static org.assertj.core.api.Assertions.assertThat;

/** What {@code docs/retrieval.md} shows, with a real embedding model. */
@NullMarked
class RetrievalGuideTest {

    @TempDir
    Path temporary;

    private Path docs = Path.of("docs");
    private Path directory = Path.of("index");

    @BeforeEach
    void writeDocuments() throws IOException {
        docs = Files.createDirectory(temporary.resolve("docs"));
        directory = temporary.resolve("index");
        Files.writeString(docs.resolve("refunds.md"), """
                # Refunds

                ## When the money arrives

                We pay it back within five days after the parcel reaches us. Bank holidays do not count.

                ## How

                To the card that was charged.
                """);
        Files.writeString(docs.resolve("shipping.html"), """
                <title>Shipping</title><nav>Home</nav><main><h1>Shipping</h1>
                <p>Parcels leave the warehouse every weekday at noon.</p></main>""");
        Files.write(docs.resolve("logo.md"), new byte[] {0, 1, 2});
    }

    @Test
    void findsPassagesInAFolder() {
        List<String> found = new ArrayList<>();
        // docs:begin first
        EmbeddingModel model = new AllMiniLmL6V2QuantizedEmbeddingModel();
        Identity identity = Identity.of("all-minilm-l6-v2-q", "1");

        try (PassageIndex index =
                PassageIndex.builder(model, identity).directory(directory).build()) {
            index.ingest(DocumentFolder.open(docs));

            Retrieval retrieval =
                    index.retriever().retrieve(RetrievalRequest.of("How long until I get my money back?"));
            for (Passage passage : retrieval.passages()) {
                found.add(passage.source() + ": " + passage.text());
            }
        }
        // docs:end first
        assertThat(found.get(0))
                .isEqualTo("refunds.md: We pay it back within five days after the parcel reaches us."
                        + " Bank holidays do not count.");
        assertThat(directory).isDirectoryContaining("glob:**/passages.index");
    }

    @Test
    void reportsAndConfigures() {
        EmbeddingModel model = new AllMiniLmL6V2QuantizedEmbeddingModel();
        Identity identity = Identity.of("all-minilm-l6-v2-q", "1");
        List<String> lines = new ArrayList<>();
        // docs:begin options
        try (PassageIndex index = PassageIndex.builder(model, identity)
                .corpusId("help")
                .splitter(PassageSplitter.builder().maximumCharacters(600).build())
                .progress(step -> lines.add(step.embedded() + " of " + step.total()))
                .build()) {
            IngestionReport report = index.ingest(DocumentFolder.open(docs));
            for (SkippedFile file : report.skipped()) {
                lines.add("left out: " + file);
            }
            Retriever retriever =
                    index.retrieverBuilder().maxPassages(3).minimumScore(0.3).build();
            // docs:end options
            assertThat(lines)
                    .contains("left out: logo.md (is binary, it has a NUL at byte 0; leave it out or convert it)");
            assertThat(retriever
                            .retrieve(RetrievalRequest.of("When do parcels leave?"))
                            .passages())
                    .first()
                    .extracting(Passage::source)
                    .isEqualTo("shipping.html");

            // docs:begin filter
            RetrievalRequest request = new RetrievalRequest(
                    "When do you pay?",
                    Optional.of(metadataKey("source").isEqualTo("refunds.md")),
                    Optional.empty(),
                    Optional.empty());
            Retrieval refundsOnly = retriever.retrieve(request);
            // docs:end filter
            assertThat(refundsOnly.passages()).extracting(Passage::source).containsOnly("refunds.md");

            // docs:begin cache
            CaffeineContextCache cache =
                    CaffeineContextCache.builder().maximumEntries(1_000).build();
            ContextCache.Lookup first = cache.retrieve(retriever, request);
            ContextCache.Lookup second = cache.retrieve(retriever, request);
            // docs:end cache
            assertThat(first.hit()).isFalse();
            assertThat(second.hit()).isTrue();
        }
    }

    @Test
    void takesDocumentsFromAnywhere() {
        EmbeddingModel model = new AllMiniLmL6V2QuantizedEmbeddingModel();
        Identity identity = Identity.of("all-minilm-l6-v2-q", "1");
        try (PassageIndex index = PassageIndex.builder(model, identity).build()) {
            // docs:begin documents
            Metadata metadata = Metadata.from(Passage.SOURCE, "https://example.com/warranty")
                    .put(Passage.TITLE, "Warranty")
                    .put("language", "en");
            index.ingest(List.of(Document.from("The frame is covered for ten years.", metadata)));
            // docs:end documents
            assertThat(index.size()).isEqualTo(1);
        }
    }
}
