package dev.llmlifecycle.retrieval.cache;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

import dev.langchain4j.data.segment.TextSegment;
import dev.llmlifecycle.api.contract.RetrieverContract;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.retrieval.ContextCache.Lookup;
import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.api.retrieval.RetrievalRequest;
import dev.llmlifecycle.api.retrieval.Retriever;
import dev.llmlifecycle.retrieval.vector.TrigramModel;
import dev.llmlifecycle.retrieval.vector.VectorEntry;
import dev.llmlifecycle.retrieval.vector.VectorIndex;
import dev.llmlifecycle.retrieval.vector.VectorQuery;
import dev.llmlifecycle.retrieval.vector.VectorSimilarity;
import dev.llmlifecycle.retrieval.vector.VectorSnapshot;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

@NullMarked
class VectorIndexRetrieverTest extends RetrieverContract {

    private static final Identity MODEL = Identity.of("trigrams", "1");

    private final TrigramModel model = new TrigramModel();
    private final List<AutoCloseable> open = new ArrayList<>();
    private final CaffeineContextCache cache = CaffeineContextCache.builder().build();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    @Override
    protected Retriever create(List<TextSegment> segments) {
        VectorIndex index = index();
        index.addAll(IntStream.range(0, segments.size())
                .mapToObj(i -> entry("p" + i, segments.get(i)))
                .toList());
        return retriever(index, 40);
    }

    private VectorIndex index() {
        VectorIndex index = VectorIndex.builder(256).build();
        open.add(index);
        return index;
    }

    private VectorIndexRetriever retriever(VectorIndex index, int k) {
        VectorIndexRetriever retriever = new VectorIndexRetriever(index, model, MODEL, "help", k);
        open.add(0, retriever);
        return retriever;
    }

    private VectorEntry entry(String id, TextSegment segment) {
        return VectorEntry.of(id, model.embed(segment.text()).content().vector(), segment);
    }

    private void put(VectorIndex index, String id, String text) {
        index.add(entry(id, TextSegment.from(text)));
    }

    @Test
    void aChangeElsewhereLeavesAnEntryInTheCache() {
        VectorIndex index = index();
        put(index, "refunds", "refunds are paid to the card");
        put(index, "parcels", "parcels are shipped from the north");
        VectorIndexRetriever retriever = retriever(index, 1);
        RetrievalRequest refunds = RetrievalRequest.of("when are refunds paid");
        cache.retrieve(retriever, refunds);

        put(index, "weather", "zzz qqq xxx");
        Lookup afterFarAway = cache.retrieve(retriever, refunds);
        assertThat(afterFarAway.hit()).isTrue();
        assertThat(afterFarAway.retrieval().snapshotId()).isEqualTo(retriever.snapshotId());

        put(index, "nearer", "when are refunds paid");
        Lookup afterNearer = cache.retrieve(retriever, refunds);
        assertThat(afterNearer.hit()).isFalse();
        assertThat(afterNearer.retrieval().passages()).extracting(Passage::id).containsExactly("nearer");

        index.remove(List.of("nearer"));
        assertThat(cache.retrieve(retriever, refunds).retrieval().passages())
                .extracting(Passage::id)
                .containsExactly("refunds");
        assertThat(cache.counts().outdated()).isEqualTo(2);
    }

    @Test
    void whereThereWasRoomAnyNewEntryMayComeIn() {
        VectorIndex index = index();
        put(index, "refunds", "refunds are paid to the card");
        VectorIndexRetriever retriever = retriever(index, 5);
        RetrievalRequest refunds = RetrievalRequest.of("when are refunds paid");
        cache.retrieve(retriever, refunds);

        put(index, "weather", "zzz qqq xxx");

        assertThat(cache.retrieve(retriever, refunds).retrieval().passages()).hasSize(2);
    }

    @Test
    void allThatIsRemovedIsServedNoMore() {
        VectorIndex index = index();
        put(index, "refunds", "refunds are paid to the card");
        VectorIndexRetriever retriever = retriever(index, 1);
        cache.retrieve(retriever, RetrievalRequest.of("refunds"));

        index.removeAll();

        assertThat(cache.retrieve(retriever, RetrievalRequest.of("refunds"))
                        .retrieval()
                        .passages())
                .isEmpty();
    }

    @Test
    void anotherIndexUnderTheSameNamesDoesNotAnswer() {
        VectorIndex one = index();
        put(one, "refunds", "refunds are paid to the card");
        cache.retrieve(retriever(one, 1), RetrievalRequest.of("refunds"));
        VectorIndex other = index();
        put(other, "parcels", "parcels are shipped");
        one.close();

        Lookup found = cache.retrieve(retriever(other, 1), RetrievalRequest.of("refunds"));

        assertThat(found.hit()).isFalse();
        assertThat(found.retrieval().passages()).extracting(Passage::id).containsExactly("parcels");
    }

    @Test
    void aChangeOfVeryManyEntriesTouchesEverything() {
        VectorIndex index = index();
        put(index, "refunds", "refunds are paid to the card");
        VectorIndexRetriever retriever = retriever(index, 1);
        cache.retrieve(retriever, RetrievalRequest.of("refunds"));
        VectorEntry far = entry("far", TextSegment.from("zzz qqq xxx"));

        index.addAll(IntStream.range(0, 10_001)
                .mapToObj(i -> VectorEntry.of("far-" + i, far.vector(), TextSegment.from("far")))
                .toList());

        assertThat(cache.retrieve(retriever, RetrievalRequest.of("refunds")).hit())
                .isFalse();
    }

    @Test
    void inAStormOfChangesEveryAnswerIsThatOfAStateDuringTheCall() throws InterruptedException, ExecutionException {
        VectorIndex index = index();
        for (int i = 0; i < 40; i++) {
            put(index, "doc-" + i, text(i, 0));
        }
        VectorIndexRetriever retriever = retriever(index, 3);
        AtomicBoolean done = new AtomicBoolean();
        CountDownLatch begun = new CountDownLatch(2);
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            List<Future<Integer>> readers = IntStream.range(0, 2)
                    .mapToObj(reader -> threads.submit(() -> read(index, retriever, reader, done, begun)))
                    .toList();
            begun.await();
            Random random = new Random(7);
            for (int change = 1; change <= 2_000; change++) {
                int doc = random.nextInt(40);
                if (change % 5 == 0) {
                    index.remove(List.of("doc-" + doc));
                } else {
                    put(index, "doc-" + doc, text(doc, change));
                }
            }
            done.set(true);
            for (Future<Integer> reader : readers) {
                assertThat(reader.get()).as("answers that were compared").isPositive();
            }
        } finally {
            done.set(true);
            threads.shutdownNow();
        }
        assertThat(cache.counts().hits()).isPositive();
        assertThat(cache.counts().outdated()).isPositive();
    }

    private int read(
            VectorIndex index, VectorIndexRetriever retriever, int seed, AtomicBoolean done, CountDownLatch begun) {
        Random random = new Random(seed);
        int compared = 0;
        while (!done.get() || compared == 0) {
            String question = text(random.nextInt(40), 0);
            VectorSnapshot before = index.snapshot();
            Lookup found = cache.retrieve(retriever, RetrievalRequest.of(question));
            long after = index.snapshot().id();
            long state = Long.parseLong(found.retrieval().snapshotId().replaceAll("-.*", ""));
            assertThat(state).isBetween(before.id(), after);
            if (state == before.id()) {
                List<String> expected = before
                        .search(VectorQuery.builder(
                                        model.embed(question).content().vector())
                                .k(3)
                                .exact(true)
                                .build())
                        .matches()
                        .stream()
                        .map(match -> match.id() + match.text())
                        .toList();
                assertThat(found.retrieval().passages().stream()
                                .map(passage -> passage.id() + Optional.of(passage.text()))
                                .toList())
                        .isEqualTo(expected);
                compared++;
            }
            begun.countDown();
        }
        return compared;
    }

    private static String text(int doc, int version) {
        return "document " + (char) ('a' + doc % 26) + doc * 37 + " says " + (version % 7 == 0 ? doc * 91 : version);
    }

    @Test
    void whatCannotWorkIsRefused() {
        VectorIndex byDistance =
                VectorIndex.builder(256).similarity(VectorSimilarity.EUCLIDEAN).build();
        open.add(byDistance);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> retriever(byDistance, 3))
                .withMessage("the index of corpus 'help' compares by EUCLIDEAN; build it with COSINE");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> retriever(index(), 0))
                .withMessage("k must be at least 1 but was 0; ask for at least one passage");
    }
}
