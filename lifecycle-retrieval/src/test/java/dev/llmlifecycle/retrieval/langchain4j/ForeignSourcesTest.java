package dev.llmlifecycle.retrieval.langchain4j;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.rag.content.Content;
import dev.langchain4j.rag.content.ContentMetadata;
import dev.langchain4j.rag.content.retriever.ContentRetriever;
import dev.langchain4j.rag.query.Query;
import dev.langchain4j.store.embedding.EmbeddingMatch;
import dev.langchain4j.store.embedding.EmbeddingSearchRequest;
import dev.langchain4j.store.embedding.EmbeddingSearchResult;
import dev.langchain4j.store.embedding.inmemory.InMemoryEmbeddingStore;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.api.retrieval.RetrievalRequest;
import dev.llmlifecycle.retrieval.vector.TrigramModel;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static dev.langchain4j.store.embedding.filter.MetadataFilterBuilder.metadataKey;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

class ForeignSourcesTest {

    private static final Identity MODEL = Identity.of("trigrams", "1");
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final RetrievalRequest QUESTION = RetrievalRequest.of("refunds");
    private static final RetrievalRequest ENGLISH = new RetrievalRequest(
            "refunds", Optional.of(metadataKey("language").isEqualTo("en")), Optional.empty(), Optional.empty());
    private static final RetrievalRequest LATE =
            new RetrievalRequest("refunds", Optional.empty(), Optional.empty(), Optional.of(NOW));

    private final TrigramModel model = new TrigramModel();
    private final RecordingStore store = new RecordingStore();

    @Test
    @DisplayName("A passage keeps the id and the score of the store, and an id that is there twice counts once")
    void keepsIdsAndScores() {
        add("b", "refunds", "en");
        add("a", "refunds", "en");
        add("a", "refunds of gift cards", "en");

        assertThat(storeRetriever().build().retrieve(QUESTION).passages())
                .extracting(Passage::id)
                .containsExactly("a", "b");
        assertThat(storeRetriever().maxPassages(1).build().retrieve(QUESTION).passages())
                .hasSize(1);
        assertThat(storeRetriever()
                        .minimumScore(0.99)
                        .build()
                        .retrieve(QUESTION)
                        .passages())
                .hasSize(2)
                .allMatch(passage -> passage.score() > 0.99);
    }

    @Test
    @DisplayName("A filter reaches the store, unless it is to be applied afterwards")
    void handsFiltersOn() {
        add("a", "refunds", "de");
        add("b", "refunds paid late", "en");

        assertThat(storeRetriever().build().retrieve(ENGLISH).passages())
                .extracting(Passage::id)
                .containsExactly("b");
        assertThat(store.requests.get(0).filter()).isEqualTo(ENGLISH.filter().orElseThrow());
        assertThat(storeRetriever()
                        .maxPassages(1)
                        .filterAfterwards(20)
                        .build()
                        .retrieve(ENGLISH)
                        .passages())
                .extracting(Passage::id)
                .containsExactly("b");
        assertThat(store.requests.get(1).filter()).isNull();
        assertThat(store.requests.get(1).maxResults()).isEqualTo(20);
    }

    @Test
    @DisplayName("A store that passes over the filter leaks nothing")
    void testsTheFilterAgain() {
        add("a", "refunds", "de");
        store.ignoresFilters = true;

        assertThat(storeRetriever().build().retrieve(ENGLISH).passages()).isEmpty();
    }

    @Test
    @DisplayName("A store without filters is named, with what to do")
    void namesAStoreWithoutFilters() {
        store.failure = new UnsupportedFeatureException("no filters");

        assertThatThrownBy(() -> storeRetriever().corpusId("tickets").build().retrieve(ENGLISH))
                .isInstanceOf(LifecycleException.class)
                .hasMessageContaining("'tickets'")
                .hasMessageContaining("filterAfterwards");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> storeRetriever().refuseFilters().build().retrieve(ENGLISH))
                .withMessageContaining("refuses filters");
    }

    @Test
    @DisplayName("Tenants are kept apart where there is a key, and a request without a tenant is refused")
    void keepsTenantsApart() {
        store.addAll(
                List.of("a", "b"),
                List.of(model.embed("refunds").content(), model.embed("refunds").content()),
                List.of(segment("refunds", "tenant", "acme"), segment("refunds", "tenant", "other")));
        EmbeddingStoreRetriever retriever = storeRetriever().tenantKey("tenant").build();

        assertThat(retriever
                        .retrieve(new RetrievalRequest(
                                "refunds", Optional.empty(), Optional.of("acme"), Optional.empty()))
                        .passages())
                .extracting(Passage::id)
                .containsExactly("a");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> retriever.retrieve(QUESTION))
                .withMessageContaining("names none");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> contents(List.of()).tenantKey("tenant").build().retrieve(QUESTION));
    }

    @Test
    @DisplayName("A store that throws, an entry without text and a passed deadline are named")
    void namesFailures() {
        assertThatThrownBy(() -> storeRetriever()
                        .clock(Clock.fixed(NOW, ZoneOffset.UTC))
                        .build()
                        .retrieve(LATE))
                .isInstanceOf(LifecycleException.class)
                .hasMessageContaining("ran out of time before embedding the question");
        store.add("empty", model.embed("refunds").content());
        assertThatThrownBy(() -> storeRetriever().build().retrieve(QUESTION))
                .isInstanceOf(LifecycleException.class)
                .hasMessageContaining("'empty'")
                .hasMessageContaining("no text");
        store.failure = new IllegalStateException("down");
        assertThatThrownBy(() -> storeRetriever().build().retrieve(QUESTION))
                .isInstanceOf(LifecycleException.class)
                .hasMessageContaining("check the store");
    }

    @Test
    @DisplayName("Without a version, no two snapshots have the same name")
    void namesSnapshots() {
        EmbeddingStoreRetriever retriever = storeRetriever().build();

        assertThat(retriever.snapshotId()).isNotEqualTo(retriever.snapshotId());
        assertThat(storeRetriever()
                        .version(() -> "v7")
                        .build()
                        .retrieve(QUESTION)
                        .snapshotId())
                .isEqualTo("v7");
    }

    @Test
    @DisplayName("The identity covers the model and every rule")
    void namesItsConfiguration() {
        Identity identity = storeRetriever().build().identity();

        assertThat(storeRetriever().build().identity()).isEqualTo(identity);
        assertThat(List.of(
                        storeRetriever().maxPassages(3).build(),
                        storeRetriever().minimumScore(0.5).build(),
                        storeRetriever().filterAfterwards(50).build(),
                        storeRetriever().refuseFilters().build(),
                        storeRetriever().tenantKey("tenant").build()))
                .extracting(EmbeddingStoreRetriever::identity)
                .doesNotContain(identity)
                .doesNotHaveDuplicates();
    }

    @Test
    void refusesWrongConfiguration() {
        assertThatIllegalArgumentException().isThrownBy(() -> storeRetriever().maxPassages(0));
        assertThatIllegalArgumentException().isThrownBy(() -> storeRetriever().minimumScore(Double.NaN));
        assertThatIllegalArgumentException().isThrownBy(() -> storeRetriever().filterAfterwards(0));
        assertThatIllegalArgumentException().isThrownBy(() -> storeRetriever().corpusId(" "));
        assertThatIllegalArgumentException().isThrownBy(() -> storeRetriever().tenantKey(""));
    }

    @Test
    @DisplayName("A content has its own id, that of a metadata key, or a hash of source and text that stays")
    void namesContents() {
        Content own = Content.from(
                TextSegment.from("one"), Map.of(ContentMetadata.EMBEDDING_ID, "own", ContentMetadata.SCORE, 0.5));
        Content keyed = Content.from(segment("two", "id", "keyed"), Map.of(ContentMetadata.SCORE, 0.9));
        Content bare = Content.from(TextSegment.from("three"), Map.of(ContentMetadata.SCORE, 0.1));
        ContentPassageRetriever retriever =
                contents(List.of(own, keyed, bare)).idKey("id").build();

        List<Passage> found = retriever.retrieve(QUESTION).passages();

        assertThat(found).extracting(Passage::id).startsWith("keyed", "own");
        assertThat(found.get(2).id()).matches("content-[0-9a-f]{16}");
        assertThat(retriever.retrieve(QUESTION).passages()).isEqualTo(found);
    }

    @Test
    @DisplayName("Contents of which one has no score count by their place")
    void scoresByPlace() {
        List<Content> found = List.of(
                Content.from(TextSegment.from("one")),
                Content.from(TextSegment.from("two"), Map.of(ContentMetadata.SCORE, 0.9)));

        assertThat(contents(found).build().retrieve(QUESTION).passages())
                .extracting(Passage::text, Passage::score)
                .containsExactly(tuple("one", 1.0), tuple("two", 0.5));
    }

    @Test
    @DisplayName("Filters apply to contents afterwards, can be handed on in the query, or are refused")
    void filtersContents() {
        List<Query> asked = new ArrayList<>();
        ContentRetriever two = query -> {
            asked.add(query);
            return List.of(
                    Content.from(segment("one", "language", "de")), Content.from(segment("two", "language", "en")));
        };
        Identity identity = Identity.of("web", "1");

        assertThat(ContentPassageRetriever.builder(two, identity)
                        .query(request -> Query.from(
                                request.text() + " +" + request.filter().isPresent()))
                        .build()
                        .retrieve(ENGLISH)
                        .passages())
                .extracting(Passage::text)
                .containsExactly("two");
        assertThat(asked).extracting(Query::text).containsExactly("refunds +true");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ContentPassageRetriever.builder(two, identity)
                        .refuseFilters()
                        .build()
                        .retrieve(ENGLISH));
    }

    @Test
    @DisplayName("A content retriever that throws, scores NaN or is late is named")
    void namesContentFailures() {
        ContentRetriever broken = query -> {
            throw new IllegalStateException("down");
        };
        assertThatThrownBy(() -> ContentPassageRetriever.builder(broken, Identity.of("web", "1"))
                        .build()
                        .retrieve(QUESTION))
                .isInstanceOf(LifecycleException.class)
                .hasMessageContaining("web:1");
        Content nan = Content.from(TextSegment.from("one"), Map.of(ContentMetadata.SCORE, Double.NaN));
        assertThatThrownBy(() -> contents(List.of(nan)).build().retrieve(QUESTION))
                .isInstanceOf(LifecycleException.class)
                .hasMessageContaining("NaN");
        assertThatThrownBy(() -> contents(List.of())
                        .clock(Clock.fixed(NOW, ZoneOffset.UTC))
                        .build()
                        .retrieve(LATE))
                .isInstanceOf(LifecycleException.class);
    }

    private static ContentPassageRetriever.Builder contents(List<Content> found) {
        return ContentPassageRetriever.builder(query -> found, Identity.of("fixed", "1"));
    }

    private EmbeddingStoreRetriever.Builder storeRetriever() {
        return EmbeddingStoreRetriever.builder(store, model, MODEL);
    }

    private void add(String id, String text, String language) {
        store.addAll(List.of(id), List.of(model.embed(text).content()), List.of(segment(text, "language", language)));
    }

    private static TextSegment segment(String text, String key, String value) {
        return TextSegment.from(text, Metadata.from(key, value));
    }

    /** The store of LangChain4j, with the faults of others. */
    private static final class RecordingStore extends InMemoryEmbeddingStore<TextSegment> {

        private final List<EmbeddingSearchRequest> requests = new ArrayList<>();
        private boolean ignoresFilters;
        private @Nullable RuntimeException failure;

        @Override
        public EmbeddingSearchResult<TextSegment> search(EmbeddingSearchRequest request) {
            requests.add(request);
            if (failure != null) {
                throw failure;
            }
            if (!ignoresFilters) {
                return super.search(request);
            }
            Embedding question = request.queryEmbedding();
            List<EmbeddingMatch<TextSegment>> all = super.search(EmbeddingSearchRequest.builder()
                            .queryEmbedding(question)
                            .maxResults(request.maxResults())
                            .build())
                    .matches();
            return new EmbeddingSearchResult<>(all);
        }
    }
}
