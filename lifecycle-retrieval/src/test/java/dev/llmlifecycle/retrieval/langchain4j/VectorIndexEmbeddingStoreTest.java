package dev.llmlifecycle.retrieval.langchain4j;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.store.embedding.EmbeddingMatch;
import dev.langchain4j.store.embedding.EmbeddingSearchRequest;
import dev.langchain4j.store.embedding.EmbeddingStore;
import dev.langchain4j.store.embedding.filter.Filter;
import dev.langchain4j.store.embedding.inmemory.InMemoryEmbeddingStore;
import dev.llmlifecycle.retrieval.vector.VectorIndex;
import dev.llmlifecycle.retrieval.vector.VectorSimilarity;
import dev.llmlifecycle.retrieval.vector.internal.RandomFilters;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static dev.langchain4j.store.embedding.filter.MetadataFilterBuilder.metadataKey;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

@NullMarked
final class VectorIndexEmbeddingStoreTest {

    private static final int DIMENSION = 3;

    private final VectorIndex index = VectorIndex.builder(DIMENSION).build();
    private final EmbeddingStore<TextSegment> store = VectorIndexEmbeddingStore.of(index);

    @AfterEach
    void close() {
        index.close();
    }

    @ParameterizedTest
    @MethodSource("dev.llmlifecycle.api.Seeds#some")
    void findsWhatLangChain4jsOwnStoreFinds(SplittableRandom random) {
        InMemoryEmbeddingStore<TextSegment> own = new InMemoryEmbeddingStore<>();
        RandomFilters filters = new RandomFilters(random);
        List<@Nullable Metadata> metadata = filters.rows(random.nextInt(1, 60));
        for (int i = 0; i < metadata.size(); i++) {
            Metadata given = metadata.get(i);
            TextSegment segment = given == null ? null : TextSegment.from("text " + i, given);
            Embedding embedding = embedding(random);
            own.addAll(List.of("id " + i), List.of(embedding), Arrays.asList(segment));
            store.addAll(List.of("id " + i), List.of(embedding), Arrays.asList(segment));
        }
        for (int i = 0; i < 20; i++) {
            if (random.nextInt(4) == 0) {
                Filter removed = Filter.and(filters.filter(1), filters.filter(1));
                assertThat(outcome(() -> store.removeAll(removed)))
                        .as("%s", removed)
                        .isEqualTo(outcome(() -> own.removeAll(removed)));
            }
            EmbeddingSearchRequest request = EmbeddingSearchRequest.builder()
                    .queryEmbedding(embedding(random))
                    .maxResults(random.nextInt(1, 70))
                    .minScore(random.nextInt(3) == 0 ? random.nextDouble() : 0.0)
                    .filter(random.nextInt(4) == 0 ? null : filters.filter(2))
                    .build();

            assertSame(own, request);
        }
    }

    /** Both throw, or find the same ids with the same scores. */
    private void assertSame(EmbeddingStore<TextSegment> own, EmbeddingSearchRequest request) {
        List<EmbeddingMatch<TextSegment>> expected = new ArrayList<>();
        String outcome = outcome(() -> expected.addAll(own.search(request).matches()));
        List<EmbeddingMatch<TextSegment>> actual = new ArrayList<>();
        assertThat(outcome(() -> actual.addAll(store.search(request).matches())))
                .as("%s", request)
                .isEqualTo(outcome);

        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < actual.size(); i++) {
            assertThat(actual.get(i).score()).isCloseTo(expected.get(i).score(), within(1e-6));
        }
        assertThat(actual)
                .extracting(EmbeddingMatch::embeddingId, EmbeddingMatch::embedded)
                .containsExactlyInAnyOrderElementsOf(expected.stream()
                        .map(match -> tuple(match.embeddingId(), match.embedded()))
                        .toList());
    }

    private static String outcome(Runnable action) {
        try {
            action.run();
            return "done";
        } catch (IllegalArgumentException | ClassCastException e) {
            return "throws";
        }
    }

    @Test
    void anIdIsThereOnce() {
        store.add("a", Embedding.from(new float[] {1, 0, 0}));
        store.add("a", Embedding.from(new float[] {0, 1, 0}));
        store.addAll(
                List.of("b", "b"),
                List.of(Embedding.from(new float[] {1, 0, 0}), Embedding.from(new float[] {0, 0, 1})),
                List.of(TextSegment.from("first"), TextSegment.from("second")));

        assertThat(all()).extracting(EmbeddingMatch::embeddingId).containsExactlyInAnyOrder("a", "b");
        assertThat(all())
                .filteredOn(match -> match.embeddingId().equals("b"))
                .singleElement()
                .satisfies(match -> {
                    assertThat(match.embedding().vector()).containsExactly(0, 0, 1);
                    assertThat(match.embedded()).isEqualTo(TextSegment.from("second"));
                });
    }

    @Test
    void anEmbeddingWithoutASegmentIsFoundByNoFilter() {
        store.add(Embedding.from(new float[] {1, 0, 0}));

        assertThat(all())
                .singleElement()
                .satisfies(match -> assertThat(match.embedded()).isNull());
        assertThat(store.search(EmbeddingSearchRequest.builder()
                                .queryEmbedding(Embedding.from(new float[] {1, 0, 0}))
                                .filter(metadataKey("key").isNotEqualTo("value"))
                                .build())
                        .matches())
                .isEmpty();
    }

    @Test
    void nothingIsAddedFromListsThatDoNotFit() {
        Embedding embedding = Embedding.from(new float[] {1, 0, 0});

        assertThatIllegalArgumentException()
                .isThrownBy(() -> store.addAll(List.of("a"), List.of(embedding), List.of()))
                .withMessage("1 ids, 1 embeddings and 0 segments cannot be added; give one of each for an entry");
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        store.addAll(List.of("a", "b"), List.of(embedding, Embedding.from(new float[] {1, 0})), null));
        assertThat(all()).isEmpty();
        store.addAll(List.of(), List.of(), List.of());
        assertThat(store.addAll(List.of(embedding, embedding)))
                .doesNotHaveDuplicates()
                .hasSize(2);
    }

    @Test
    void anIndexThatIsNotByCosineIsRefused() {
        try (VectorIndex other = VectorIndex.builder(DIMENSION)
                .similarity(VectorSimilarity.EUCLIDEAN)
                .build()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> VectorIndexEmbeddingStore.of(other))
                    .withMessage("an embedding store has scores by cosine but the index is by EUCLIDEAN; "
                            + "build the index with VectorSimilarity.COSINE");
        }
    }

    private List<EmbeddingMatch<TextSegment>> all() {
        return store.search(EmbeddingSearchRequest.builder()
                        .queryEmbedding(Embedding.from(new float[] {1, 1, 1}))
                        .maxResults(1_000)
                        .build())
                .matches();
    }

    private static Embedding embedding(SplittableRandom random) {
        return Embedding.from(new float[] {
            (float) random.nextDouble(-1, 1), (float) random.nextDouble(-1, 1), (float) random.nextDouble(-1, 1)
        });
    }
}
