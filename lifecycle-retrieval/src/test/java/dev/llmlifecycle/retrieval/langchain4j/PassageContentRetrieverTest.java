package dev.llmlifecycle.retrieval.langchain4j;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.rag.content.Content;
import dev.langchain4j.rag.content.ContentMetadata;
import dev.langchain4j.rag.query.Query;
import dev.langchain4j.store.embedding.filter.Filter;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.api.retrieval.Retrieval;
import dev.llmlifecycle.api.retrieval.RetrievalRequest;
import dev.llmlifecycle.api.retrieval.Retriever;
import org.junit.jupiter.api.Test;

import static dev.langchain4j.store.embedding.filter.MetadataFilterBuilder.metadataKey;
import static org.assertj.core.api.Assertions.assertThat;

final class PassageContentRetrieverTest {

    private final List<RetrievalRequest> asked = new ArrayList<>();
    private final Retriever retriever = new Retriever() {
        @Override
        public Retrieval retrieve(RetrievalRequest request) {
            asked.add(request);
            Metadata metadata = Metadata.from(Passage.SOURCE, "refunds.md");
            return new Retrieval(
                    List.of(
                            new Passage("p-1", TextSegment.from("Refunds take five days.", metadata), 0.9),
                            new Passage("p-2", TextSegment.from("Refunds are free."), 0.5)),
                    "s-1");
        }

        @Override
        public String corpusId() {
            return "help";
        }

        @Override
        public String snapshotId() {
            return "s-1";
        }

        @Override
        public Identity identity() {
            return Identity.of("fixed", "1");
        }
    };

    @Test
    void givesPassagesWithScoreIdAndMetadataBestFirst() {
        List<Content> found = PassageContentRetriever.of(retriever).retrieve(Query.from("How long?"));

        assertThat(found)
                .extracting(content -> content.textSegment().text())
                .containsExactly("Refunds take five days.", "Refunds are free.");
        assertThat(found.get(0).metadata())
                .isEqualTo(Map.of(ContentMetadata.SCORE, 0.9, ContentMetadata.EMBEDDING_ID, "p-1"));
        assertThat(found.get(0).textSegment().metadata().getString(Passage.SOURCE))
                .isEqualTo("refunds.md");
        assertThat(asked).containsExactly(RetrievalRequest.of("How long?"));
    }

    @Test
    void asksWithFilterAndTenantOfTheQuery() {
        Filter mine = metadataKey("owner").isEqualTo("ada");
        PassageContentRetriever contents = PassageContentRetriever.builder(retriever)
                .filter(query -> Optional.of(mine))
                .tenant(query -> Optional.of("acme"))
                .build();

        contents.retrieve(Query.from("How long?"));

        assertThat(asked)
                .containsExactly(
                        new RetrievalRequest("How long?", Optional.of(mine), Optional.of("acme"), Optional.empty()));
    }
}
