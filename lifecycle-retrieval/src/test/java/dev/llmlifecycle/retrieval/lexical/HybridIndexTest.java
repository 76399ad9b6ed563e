package dev.llmlifecycle.retrieval.lexical;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.segment.TextSegment;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.retrieval.RetrievalRequest;
import dev.llmlifecycle.api.retrieval.Retriever;
import dev.llmlifecycle.retrieval.vector.TrigramModel;
import dev.llmlifecycle.retrieval.vector.VectorChange;
import dev.llmlifecycle.retrieval.vector.VectorEntry;
import dev.llmlifecycle.retrieval.vector.VectorMatch;
import dev.llmlifecycle.retrieval.vector.VectorQuery;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static dev.langchain4j.store.embedding.filter.MetadataFilterBuilder.metadataKey;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

@NullMarked
class HybridIndexTest {

    private static final VectorQuery ALL_VECTORS = VectorQuery.of(new float[] {1, 0}, 10_000);
    private static final LexicalQuery ALL_WORDS = LexicalQuery.of("word", 10_000);

    private HybridIndex index;

    @BeforeEach
    void open() {
        index = HybridIndex.builder(2)
                .vectors(vectors -> vectors.exactLimit(50))
                .build();
    }

    @AfterEach
    void close() {
        index.close();
    }

    @Test
    void oneChangeIsSeenOnBothSides() {
        index.addAll(List.of(entry("a", "refunds take days"), entry("b", "parcels are shipped")));
        String before = index.snapshotId();

        HybridSearchResult both = index.search(ALL_VECTORS, LexicalQuery.of("refunds", 5));
        assertThat(both.vectors().matches()).extracting(VectorMatch::id).containsExactly("a", "b");
        assertThat(both.words().matches()).extracting(LexicalMatch::id).containsExactly("a");
        assertThat(both.snapshotId()).isEqualTo(both.words().snapshotId()).isEqualTo(before);

        assertThat(index.remove(List.of("a", "none"))).isEqualTo(1);
        assertThat(index.search(ALL_VECTORS).matches())
                .extracting(VectorMatch::id)
                .containsExactly("b");
        assertThat(index.search(LexicalQuery.of("refunds", 5)).matches()).isEmpty();
        assertThat(index.get("a")).isEmpty();
        assertThat(index.snapshotId()).isNotEqualTo(before);
        assertThat(index.removeAll()).isEqualTo(1);
        assertThat(index.removeAll()).isZero();
        assertThat(index.size()).isZero();
    }

    @Test
    void anotherVectorOfTheSameTextIsAnotherState() {
        index.add(VectorEntry.of("a", new float[] {1, 0}, TextSegment.from("word")));
        String before = index.snapshotId();
        index.add(VectorEntry.of("a", new float[] {0, 1}, TextSegment.from("word")));

        assertThat(index.snapshotId()).isNotEqualTo(before);
        assertThat(index.search(ALL_VECTORS).matches().get(0).vector()).containsExactly(0, 1);
    }

    @Test
    void removesByFilterOnBothSides() {
        index.addAll(IntStream.range(0, 10)
                .mapToObj(i -> VectorEntry.of(
                        "id " + i, new float[] {1, i}, TextSegment.from("word", new Metadata().put("even", i % 2))))
                .toList());

        assertThat(index.remove(metadataKey("even").isEqualTo(0))).isEqualTo(5);
        assertSides(List.of("id 1", "id 3", "id 5", "id 7", "id 9"));
    }

    @Test
    void removalByFilterLeavesWhatWasChangedMeanwhile() {
        index.addAll(List.of(entry("a", "word"), entry("b", "word")));
        AtomicBoolean first = new AtomicBoolean(true);

        int removed = index.remove(object -> {
            if (first.getAndSet(false)) {
                index.add(entry("a", "another word"));
            }
            return true;
        });

        assertThat(removed).isEqualTo(1);
        assertSides(List.of("a"));
    }

    @Test
    void whatTheVectorsRefuseIsInNeither() {
        index.add(entry("a", "word"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> index.addAll(
                        List.of(entry("b", "word"), VectorEntry.of("c", new float[] {1}, TextSegment.from("word")))));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> index.addAll(List.of(entry("b", "word"), entry("b", "word"))));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> index.add(VectorEntry.of("b", new float[] {1, 0})))
                .withMessage("the entry 'b' has no text, so that it has no words; give it one, or use a VectorIndex for"
                        + " vectors alone");

        assertSides(List.of("a"));
        index.add(entry("b", "word"));
        assertSides(List.of("a", "b"));
    }

    @Test
    void listenersHearOfAChangeWhenBothSidesShowIt() {
        List<VectorChange> heard = new ArrayList<>();
        List<String> seen = new ArrayList<>();
        index.addListener(change -> {
            heard.add(change);
            index.search(ALL_WORDS).matches().forEach(match -> seen.add(match.id()));
        });
        index.addListener(change -> {
            throw new IllegalStateException("a listener of the host");
        });

        index.add(entry("a", "word"));
        index.remove(List.of("none"));
        index.remove(List.of("a"));

        assertThat(heard)
                .containsExactly(
                        new VectorChange(1, List.of("a"), List.of()), new VectorChange(2, List.of(), List.of("a")));
        assertThat(seen).containsExactly("a");
    }

    @Test
    void graphsThatWereBuiltSinceAreUsed() {
        index.addAll(IntStream.range(0, 400)
                .mapToObj(i -> VectorEntry.of("id " + i, new float[] {1, i}, TextSegment.from("word")))
                .toList());
        index.awaitBackground();

        assertThat(index.search(VectorQuery.builder(new float[] {1, 0})
                                .k(1)
                                .width(2)
                                .build())
                        .explanation()
                        .graphSegments())
                .isPositive();
    }

    @Test
    void aBatchIsOnBothSidesOrOnNeither() throws Exception {
        int writers = 3;
        int each = 12;
        int generations = 80;
        AtomicIntegerArray begun = new AtomicIntegerArray(writers);
        AtomicIntegerArray acknowledged = new AtomicIntegerArray(writers);
        AtomicBoolean done = new AtomicBoolean();
        ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
        List<Thread> writing = IntStream.range(0, writers)
                .mapToObj(writer -> new Thread(() -> {
                    for (int generation = 1; generation <= generations; generation++) {
                        begun.set(writer, generation);
                        index.addAll(batch(writer, generation, each));
                        acknowledged.set(writer, generation);
                    }
                }))
                .toList();
        List<Thread> searching = IntStream.range(0, 3)
                .mapToObj(i -> new Thread(() -> {
                    while (!done.get()) {
                        int[] least = IntStream.range(0, writers)
                                .map(acknowledged::get)
                                .toArray();
                        HybridSearchResult result = index.search(ALL_VECTORS, ALL_WORDS);
                        Map<String, Integer> byVectors = new TreeMap<>();
                        result.vectors()
                                .matches()
                                .forEach(match -> byVectors.put(match.id(), generation(match.metadata())));
                        Map<String, Integer> byWords = new TreeMap<>();
                        result.words()
                                .matches()
                                .forEach(match -> byWords.put(
                                        match.id(), generation(match.segment().metadata())));

                        assertThat(byWords).isEqualTo(byVectors);
                        for (int writer = 0; writer < writers; writer++) {
                            String prefix = "writer " + writer + " ";
                            List<Integer> seen = byWords.entrySet().stream()
                                    .filter(entry -> entry.getKey().startsWith(prefix))
                                    .map(Map.Entry::getValue)
                                    .toList();
                            assertThat(seen.stream().distinct().count())
                                    .as("generations of a batch")
                                    .isLessThanOrEqualTo(1);
                            assertThat(seen.size()).isIn(0, each);
                            assertThat(seen.isEmpty() ? 0 : seen.get(0)).isBetween(least[writer], begun.get(writer));
                        }
                    }
                }))
                .toList();
        Stream.concat(writing.stream(), searching.stream()).forEach(thread -> {
            thread.setUncaughtExceptionHandler((any, failure) -> failures.add(failure));
            thread.start();
        });
        for (Thread thread : writing) {
            thread.join();
        }
        done.set(true);
        for (Thread thread : searching) {
            thread.join();
        }

        assertThat(failures).isEmpty();
        assertThat(index.size()).isEqualTo(writers * each);
    }

    private static List<VectorEntry> batch(int writer, int generation, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> VectorEntry.of(
                        "writer " + writer + " id " + i,
                        new float[] {1, i},
                        TextSegment.from("word", new Metadata().put("generation", generation))))
                .toList();
    }

    private static int generation(Metadata metadata) {
        return Optional.ofNullable(metadata.getInteger("generation")).orElseThrow();
    }

    @Test
    void aModelOfAnotherDimensionIsRefusedByName() {
        Retriever retriever = index.vectorRetriever(new TrigramModel(3), Identity.of("trigrams", "1"), 5);

        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(() -> retriever.retrieve(RetrievalRequest.of("refunds")))
                .withMessageMatching("Embedding a question with trigrams:1@.* gave 3 dimensions but the index has 2;"
                        + " use the model that the index was made with");
    }

    @Test
    void retrieversKeepDeadlines() {
        Instant now = Instant.parse("2026-01-01T00:00:00Z");
        try (HybridIndex timed = HybridIndex.builder(256)
                .clock(Clock.fixed(now, ZoneOffset.UTC))
                .corpusId("help")
                .build()) {
            TrigramModel model = new TrigramModel();
            Identity identity = Identity.of("trigrams", "1");
            RetrievalRequest late = new RetrievalRequest("word", Optional.empty(), Optional.empty(), Optional.of(now));
            for (Retriever retriever : List.of(timed.vectorRetriever(model, identity, 3), timed.lexicalRetriever(3))) {
                assertThat(retriever.corpusId()).isEqualTo("help");
                assertThat(retriever.snapshotId()).isEqualTo(timed.snapshotId());
                assertThatExceptionOfType(LifecycleException.class)
                        .isThrownBy(() -> retriever.retrieve(late))
                        .withMessageContaining("ran out of time");
            }
            assertThatIllegalArgumentException().isThrownBy(() -> timed.vectorRetriever(model, identity, 0));
        }
    }

    @Test
    void saysThatItIsClosed() {
        index.close();
        index.close();

        assertThatIllegalStateException()
                .isThrownBy(() -> index.search(ALL_WORDS))
                .withMessage("the hybrid index is closed; build a new one");
        assertThatIllegalStateException().isThrownBy(() -> index.add(entry("a", "word")));
    }

    private void assertSides(List<String> ids) {
        HybridSearchResult both = index.search(ALL_VECTORS, ALL_WORDS);
        assertThat(both.vectors().matches()).extracting(VectorMatch::id).containsExactlyInAnyOrderElementsOf(ids);
        assertThat(both.words().matches()).extracting(LexicalMatch::id).containsExactlyInAnyOrderElementsOf(ids);
    }

    private static VectorEntry entry(String id, String text) {
        return VectorEntry.of(id, new float[] {1, 0}, TextSegment.from(text));
    }
}
