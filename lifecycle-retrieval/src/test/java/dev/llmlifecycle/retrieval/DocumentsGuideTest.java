package dev.llmlifecycle.retrieval;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import dev.langchain4j.data.document.Document;
import dev.langchain4j.data.document.DocumentParser;
import dev.langchain4j.data.document.DocumentSplitter;
import dev.langchain4j.model.TokenCountEstimator;
import dev.langchain4j.model.embedding.onnx.HuggingFaceTokenCountEstimator;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.api.retrieval.RetrievalRequest;
import dev.llmlifecycle.api.retrieval.Retriever;
import dev.llmlifecycle.retrieval.embedding.InProcessEmbeddingModel;
import dev.llmlifecycle.retrieval.ingest.Chunkers;
import dev.llmlifecycle.retrieval.ingest.DocumentFolder;
import dev.llmlifecycle.retrieval.vector.DocumentChanges;
import dev.llmlifecycle.retrieval.vector.IngestionReport;
import dev.llmlifecycle.retrieval.vector.PassageIndex;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** What {@code docs/documents.md} shows, with a real embedding model. */
@NullMarked
class DocumentsGuideTest {

    private final Identity identity = Identity.of("all-minilm-l6-v2-q", "1");

    @TempDir
    Path docs;

    @Test
    void livingDocuments() throws IOException {
        Path directory = docs.resolve(".index");
        Files.writeString(docs.resolve("refunds.md"), "# Refunds\n\nRefunds take five days.");
        // docs:begin living
        try (InProcessEmbeddingModel model = InProcessEmbeddingModel.allMiniLmL6V2Quantized();
                PassageIndex index = PassageIndex.builder(model, identity)
                        .directory(directory)
                        .build()) {
            IngestionReport report = index.ingest(DocumentFolder.open(docs));
            DocumentChanges changes = report.changes();
            System.out.println(changes.changed() + " changed, " + changes.renamed() + " renamed, " + report.embedded()
                    + " texts embedded, " + report.skipped().size() + " files left out");
        }
        // docs:end living
        try (InProcessEmbeddingModel model = InProcessEmbeddingModel.allMiniLmL6V2Quantized();
                PassageIndex index = PassageIndex.builder(model, identity)
                        .directory(directory)
                        .build()) {
            assertThat(index.ingest(DocumentFolder.open(docs)).embedded()).isZero();
        }
    }

    @Test
    void readers() throws IOException {
        Files.writeString(docs.resolve("old.txt"), "Gr\u00fc\u00dfe", Charset.forName("windows-1252"));
        Files.writeString(docs.resolve("notes.adoc"), "== Refunds");
        DocumentParser asciidoc = in -> Document.from("## Refunds");
        // docs:begin readers
        DocumentFolder folder = DocumentFolder.builder(docs)
                .reader(asciidoc, "adoc", "asciidoc")
                .readerTimeout(Duration.ofSeconds(20))
                .maximumFileBytes(50_000_000)
                .fallbackCharset(Charset.forName("windows-1252"))
                .build();
        // docs:end readers
        assertThat(folder.read().documents())
                .extracting(Document::text)
                .containsExactly("## Refunds", "Gr\u00fc\u00dfe");
    }

    @Test
    void chunkers() {
        Document document = Document.from("# Refunds\n\nRefunds take five days. Bank holidays do not count.");
        // docs:begin chunkers
        TokenCountEstimator tokens = new HuggingFaceTokenCountEstimator();
        DocumentSplitter structure = Chunkers.byStructure(200, tokens);
        DocumentSplitter sentences = Chunkers.bySentences(200, 40, tokens);
        DocumentSplitter windows = Chunkers.byTokens(200, 40, tokens);
        // docs:end chunkers
        assertThat(List.of(structure, sentences, windows))
                .allSatisfy(splitter -> assertThat(splitter.split(document))
                        .hasSize(1)
                        .allMatch(chunk -> "Refunds".equals(chunk.metadata().getString(Passage.HEADING))));
    }

    @Test
    void parents() throws IOException {
        Files.writeString(
                docs.resolve("refunds.md"), "# Refunds\n\nRefunds take five days. Bank holidays do not count.");
        List<Passage> found;
        try (InProcessEmbeddingModel model = InProcessEmbeddingModel.allMiniLmL6V2Quantized()) {
            // docs:begin parents
            try (PassageIndex index = PassageIndex.builder(model, identity)
                    .splitter(Chunkers.parentChild(Chunkers.byStructure(900), Chunkers.bySentences(200, 0)))
                    .build()) {
                index.ingest(DocumentFolder.open(docs));
                Retriever retriever = index.retrieverBuilder().parents(true).build();
                found = retriever
                        .retrieve(RetrievalRequest.of("Do holidays count?"))
                        .passages();
            }
            // docs:end parents
        }
        assertThat(found)
                .extracting(Passage::text)
                .containsExactly("Refunds take five days. Bank holidays do not count.");
    }
}
