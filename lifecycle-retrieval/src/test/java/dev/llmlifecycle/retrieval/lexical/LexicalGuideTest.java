package dev.llmlifecycle.retrieval.lexical;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

import javax.sql.DataSource;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.rag.content.retriever.ContentRetriever;
import dev.langchain4j.rag.query.Query;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.retrieval.Retrieval;
import dev.llmlifecycle.api.retrieval.RetrievalRequest;
import dev.llmlifecycle.api.retrieval.Retriever;
import dev.llmlifecycle.retrieval.langchain4j.PassageContentRetriever;
import dev.llmlifecycle.retrieval.vector.TrigramModel;
import dev.llmlifecycle.retrieval.vector.VectorEntry;
import dev.llmlifecycle.retrieval.vector.VectorQuery;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static dev.langchain4j.store.embedding.filter.MetadataFilterBuilder.metadataKey;
import static org.assertj.core.api.Assertions.assertThat;

/** The snippets of docs/lexical-search.md. */
@NullMarked
final class LexicalGuideTest {

    @TempDir
    private Path directory;

    @Test
    void firstUse() {
        // docs:begin first
        try (LexicalIndex index =
                LexicalIndex.builder().language(Locale.ENGLISH).build()) {
            index.addAll(List.of(
                    new LexicalEntry(
                            "refunds-1", TextSegment.from("Refunds take five days.", Metadata.from("lang", "en"))),
                    LexicalEntry.of("shipping-1", "Parcels are shipped at noon.")));

            LexicalSearchResult result = index.search(LexicalQuery.builder("How long does a refund take?")
                    .k(5)
                    .filter(metadataKey("lang").isEqualTo("en"))
                    .deadline(Instant.now().plusMillis(500))
                    .explain(true)
                    .build());

            LexicalMatch best = result.matches().get(0);
            TermScore term = best.terms().get(0); // refund: idf, frequency, contribution
            // docs:end first
            assertThat(best.id()).isEqualTo("refunds-1");
            assertThat(best.terms()).extracting(TermScore::term).containsExactly("refund", "take");
            assertThat(term.frequency()).isEqualTo(1);
        }
    }

    @Test
    void languages() {
        // docs:begin languages
        try (LexicalIndex index = LexicalIndex.builder().languageKey("lang").build()) {
            index.add(new LexicalEntry("de-1", TextSegment.from("Die Häuser sind alt.", Metadata.from("lang", "de"))));
            index.add(new LexicalEntry("ja-1", TextSegment.from("東京の天気は晴れです。", Metadata.from("lang", "ja"))));

            List<LexicalMatch> german = index.search(LexicalQuery.of("Haus", 5)).matches();
            List<LexicalMatch> japanese = index.search(LexicalQuery.of("天気", 5)).matches();
            // docs:end languages
            assertThat(german).extracting(LexicalMatch::id).containsExactly("de-1");
            assertThat(japanese).extracting(LexicalMatch::id).containsExactly("ja-1");
        }
    }

    @Test
    void directory() {
        // docs:begin directory
        try (LexicalIndex index = LexicalIndex.builder().directory(directory).build()) {
            index.add(LexicalEntry.of("a", "forced to the disk when the call returns"));
        }
        try (LexicalIndex reader =
                LexicalIndex.builder().directory(directory).readOnly().build()) {
            reader.refresh(); // shows what a writer has added since
            // docs:end directory
            assertThat(reader.size()).isEqualTo(1);
        }
    }

    @Test
    void hybrid() {
        EmbeddingModel model = new TrigramModel();
        Identity modelIdentity = Identity.of("trigrams", "1");
        TextSegment segment = TextSegment.from("Refunds take five days.");
        float[] vector = model.embed(segment).content().vector();
        String question = "How long does a refund take?";
        float[] questionVector = model.embed(question).content().vector();
        // docs:begin hybrid
        try (HybridIndex index = HybridIndex.builder(256)
                .words(words -> words.language(Locale.ENGLISH))
                .directory(directory)
                .build()) {
            index.add(VectorEntry.of("refunds-1", vector, segment));

            HybridSearchResult both = index.search(VectorQuery.of(questionVector, 5), LexicalQuery.of(question, 5));

            Retriever byVectors = index.vectorRetriever(model, modelIdentity, 20);
            Retriever byWords = index.lexicalRetriever(20);
            // docs:end hybrid
            assertThat(both.vectors().matches().get(0).id())
                    .isEqualTo(both.words().matches().get(0).id());
            assertThat(byVectors.snapshotId()).isEqualTo(byWords.snapshotId()).isEqualTo(both.snapshotId());
            // docs:begin content
            ContentRetriever contents = PassageContentRetriever.of(byWords);
            // docs:end content
            assertThat(contents.retrieve(Query.from(question))).hasSize(1);
        }
    }

    @Test
    void postgres() throws SQLException {
        DataSource dataSource = TestPostgres.source();
        TestPostgres.execute("DROP TABLE IF EXISTS guide, guide_version");
        TestPostgres.execute("""
                CREATE TABLE guide (
                    id text PRIMARY KEY,
                    text text NOT NULL,
                    metadata jsonb NOT NULL DEFAULT '{}',
                    search tsvector GENERATED ALWAYS AS (to_tsvector('english', text)) STORED);
                CREATE INDEX guide_search ON guide USING gin (search);
                CREATE TABLE guide_version (version bigint NOT NULL);
                INSERT INTO guide_version VALUES (0);
                INSERT INTO guide VALUES ('refunds-1', 'Refunds take five days.', '{"lang": "en"}');
                """);
        // docs:begin postgres
        Retriever retriever = PostgresTextRetriever.builder(dataSource, "guide")
                .language("english")
                .searchColumn("search")
                .versionQuery("SELECT version FROM guide_version")
                .maxPassages(20)
                .build();

        Retrieval retrieval = retriever.retrieve(RetrievalRequest.of("How long does a refund take?"));
        // docs:end postgres
        assertThat(retrieval.passages()).hasSize(1);
        assertThat(retrieval.snapshotId()).isEqualTo("0");
    }
}
