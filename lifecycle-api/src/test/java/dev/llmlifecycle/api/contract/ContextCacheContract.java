package dev.llmlifecycle.api.contract;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.store.embedding.filter.Filter;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.retrieval.ContextCache;
import dev.llmlifecycle.api.retrieval.ContextCache.Lookup;
import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.api.retrieval.Retrieval;
import dev.llmlifecycle.api.retrieval.RetrievalRequest;
import dev.llmlifecycle.api.retrieval.Retriever;
import org.junit.jupiter.api.Test;

import static dev.langchain4j.store.embedding.filter.MetadataFilterBuilder.metadataKey;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * What every {@link ContextCache} must hold to.
 *
 * <p>Extend it in a test of your own and supply {@link #create}. Nothing that was just put in may expire within a
 * minute.
 */
public abstract class ContextCacheContract {

    private static final long TIMEOUT_SECONDS = 60;
    private static final RetrievalRequest REQUEST = RetrievalRequest.of("How long does a refund take?");

    /**
     * Returns a new cache without content.
     *
     * @param retrievals about how many retrievals it may keep, each of one short passage
     * @return the cache under test
     */
    protected abstract ContextCache create(int retrievals);

    @Test
    public final void searchesOnceForTheSameQuestion() {
        ContextCache cache = create(100);
        Source source = new Source();

        Lookup first = cache.retrieve(source, REQUEST);
        Lookup second = cache.retrieve(source, RetrievalRequest.of(REQUEST.text()));

        assertThat(first.hit()).isFalse();
        assertThat(second.hit()).isTrue();
        assertThat(second.retrieval()).isEqualTo(first.retrieval());
        assertThat(source.calls).hasValue(1);
    }

    @Test
    public final void handsTheRequestToTheRetrieverAsItIs() {
        Source source = new Source();
        RetrievalRequest request =
                request(Optional.of(source("a.md")), Optional.of("acme"), Optional.of(Instant.EPOCH));

        create(100).retrieve(source, request);

        assertThat(source.lastRequest).isEqualTo(request);
    }

    @Test
    public final void searchesOnceWhateverTheDeadline() {
        ContextCache cache = create(100);
        Source source = new Source();
        cache.retrieve(source, request(Optional.empty(), Optional.empty(), Optional.of(Instant.EPOCH)));

        Instant later = Instant.EPOCH.plusSeconds(9);
        assertThat(cache.retrieve(source, request(Optional.empty(), Optional.empty(), Optional.of(later)))
                        .hit())
                .isTrue();
    }

    @Test
    public final void keepsQuestionsTenantsAndFiltersApart() {
        ContextCache cache = create(100);
        Source source = new Source();
        List<RetrievalRequest> requests = List.of(
                REQUEST,
                RetrievalRequest.of("How long does a return take?"),
                request(Optional.empty(), Optional.of("acme"), Optional.empty()),
                request(Optional.empty(), Optional.of("umbrella"), Optional.empty()),
                request(Optional.of(source("a.md")), Optional.empty(), Optional.empty()),
                request(Optional.of(source("b.md")), Optional.empty(), Optional.empty()),
                request(Optional.of(source("a.md")), Optional.of("acme"), Optional.empty()));

        for (RetrievalRequest request : requests) {
            assertThat(cache.retrieve(source, request).hit())
                    .as("first time %s", request)
                    .isFalse();
        }
        for (RetrievalRequest request : requests) {
            assertThat(cache.retrieve(source, request).hit())
                    .as("second time %s", request)
                    .isTrue();
        }
        assertThat(source.calls).hasValue(requests.size());
    }

    @Test
    public final void keepsRetrieversCorporaAndSnapshotsApart() {
        ContextCache cache = create(100);
        List<Source> sources = List.of(
                new Source(),
                new Source(Identity.of("hybrid", "2"), "help", "s1"),
                new Source(Identity.of("hybrid", "1", Map.of("topK", 3)), "help", "s1"),
                new Source(Identity.of("hybrid", "1"), "intranet", "s1"),
                new Source(Identity.of("hybrid", "1"), "help", "s2"));

        for (Source source : sources) {
            Lookup lookup = cache.retrieve(source, REQUEST);
            assertThat(lookup.hit()).as("first time %s", source).isFalse();
            assertThat(lookup.retrieval()).isEqualTo(source.retrieval(REQUEST));
        }
        for (Source source : sources) {
            Lookup lookup = cache.retrieve(source, REQUEST);
            assertThat(lookup.hit()).as("second time %s", source).isTrue();
            assertThat(lookup.retrieval()).isEqualTo(source.retrieval(REQUEST));
        }
    }

    @Test
    public final void searchesAgainWhenTheContentHasChanged() {
        ContextCache cache = create(100);
        Source source = new Source();
        cache.retrieve(source, REQUEST);

        source.snapshotId = "s2";
        Lookup afterChange = cache.retrieve(source, REQUEST);

        assertThat(afterChange.hit()).isFalse();
        assertThat(afterChange.retrieval().snapshotId()).isEqualTo("s2");
    }

    @Test
    public final void keepsNoRetrievalUnderASnapshotThatItDoesNotComeFrom() {
        ContextCache cache = create(100);
        Source changesMeanwhile = new Source() {
            @Override
            public Retrieval retrieve(RetrievalRequest request) {
                snapshotId = "s2";
                return super.retrieve(request);
            }
        };
        cache.retrieve(changesMeanwhile, REQUEST);

        Lookup lookup = cache.retrieve(new Source(), REQUEST);

        assertThat(lookup.retrieval().snapshotId()).isEqualTo("s1");
    }

    @Test
    public final void keepsNoFailure() {
        ContextCache cache = create(100);
        Source source = new Source();
        LifecycleException failure = new LifecycleException("Searching failed; try again");
        source.failure = Optional.of(failure);
        assertThatThrownBy(() -> cache.retrieve(source, REQUEST)).isSameAs(failure);
        assertThatThrownBy(() -> cache.retrieve(source, REQUEST)).isSameAs(failure);
        assertThat(source.calls).hasValue(2);

        source.failure = Optional.empty();

        assertThat(cache.retrieve(source, REQUEST).hit()).isFalse();
        assertThat(cache.retrieve(source, REQUEST).hit()).isTrue();
    }

    @Test
    public final void searchesOnceWhenThreadsAskTheSameAtOnce() {
        ContextCache cache = create(100);
        Source slow = new Source() {
            @Override
            public Retrieval retrieve(RetrievalRequest request) {
                pause();
                return super.retrieve(request);
            }
        };

        List<Lookup> lookups = Threads.together(thread -> cache.retrieve(slow, REQUEST));

        assertThat(slow.calls).hasValue(1);
        assertThat(lookups).extracting(Lookup::retrieval).containsOnly(slow.retrieval(REQUEST));
        assertThat(lookups).extracting(Lookup::hit).contains(false);
    }

    @Test
    public final void failsEveryThreadThatWaitsForAFailureAndRecovers() {
        ContextCache cache = create(100);
        Source source = new Source() {
            @Override
            public Retrieval retrieve(RetrievalRequest request) {
                pause();
                return super.retrieve(request);
            }
        };
        source.failure = Optional.of(new LifecycleException("Searching failed; try again"));

        Threads.together(thread ->
                assertThatThrownBy(() -> cache.retrieve(source, REQUEST)).isInstanceOf(LifecycleException.class));
        source.failure = Optional.empty();

        assertThat(cache.retrieve(source, REQUEST).retrieval()).isEqualTo(source.retrieval(REQUEST));
    }

    @Test
    public final void letsNoSlowSearchHoldUpAnotherQuestion() throws Exception {
        ContextCache cache = create(1_000);
        CountDownLatch searching = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        Source stuck = new Source() {
            @Override
            public Retrieval retrieve(RetrievalRequest request) {
                searching.countDown();
                await(mayEnd);
                return super.retrieve(request);
            }
        };
        ExecutorService executor = Executors.newFixedThreadPool(2);
        try {
            Future<Lookup> slow = executor.submit(() -> cache.retrieve(stuck, REQUEST));
            await(searching);
            Future<?> others = executor.submit(() -> {
                for (int i = 0; i < 500; i++) {
                    cache.retrieve(new Source(), RetrievalRequest.of("another question " + i));
                }
            });
            assertThat(others).succeedsWithin(Duration.ofSeconds(TIMEOUT_SECONDS / 2));
            mayEnd.countDown();
            assertThat(slow.get(TIMEOUT_SECONDS, TimeUnit.SECONDS).hit()).isFalse();
        } finally {
            mayEnd.countDown();
            executor.shutdownNow();
        }
    }

    @Test
    public final void isBounded() {
        ContextCache cache = create(10);
        Source source = new Source();
        for (int i = 0; i < 1_000; i++) {
            cache.retrieve(source, RetrievalRequest.of("question " + i));
        }

        int hits = 0;
        for (int i = 0; i < 1_000; i++) {
            if (cache.retrieve(source, RetrievalRequest.of("question " + i)).hit()) {
                hits++;
            }
        }

        assertThat(hits).as("questions of 1000 still kept where 10 may be").isLessThan(500);
    }

    private static Filter source(String source) {
        return metadataKey(Passage.SOURCE).isEqualTo(source);
    }

    private static RetrievalRequest request(
            Optional<Filter> filter, Optional<String> tenant, Optional<Instant> deadline) {
        return new RetrievalRequest(REQUEST.text(), filter, tenant, deadline);
    }

    private static void pause() {
        await(new CountDownLatch(1), 100);
    }

    private static void await(CountDownLatch latch) {
        assertThat(await(latch, TimeUnit.SECONDS.toMillis(TIMEOUT_SECONDS))).isTrue();
    }

    private static boolean await(CountDownLatch latch, long milliseconds) {
        try {
            return latch.await(milliseconds, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting", e);
        }
    }

    /** A retriever whose every part a test can change. */
    private static class Source implements Retriever {

        final AtomicInteger calls = new AtomicInteger();
        volatile Optional<LifecycleException> failure = Optional.empty();
        volatile String snapshotId;
        volatile RetrievalRequest lastRequest = REQUEST;
        private final Identity identity;
        private final String corpusId;

        Source() {
            this(Identity.of("hybrid", "1"), "help", "s1");
        }

        Source(Identity identity, String corpusId, String snapshotId) {
            this.identity = identity;
            this.corpusId = corpusId;
            this.snapshotId = snapshotId;
        }

        @Override
        public Retrieval retrieve(RetrievalRequest request) {
            calls.incrementAndGet();
            lastRequest = request;
            if (failure.isPresent()) {
                throw failure.get();
            }
            return retrieval(request);
        }

        Retrieval retrieval(RetrievalRequest request) {
            String text = this + " on " + request.text();
            return new Retrieval(List.of(new Passage("p1", TextSegment.from(text), 1)), snapshotId);
        }

        @Override
        public String corpusId() {
            return corpusId;
        }

        @Override
        public String snapshotId() {
            return snapshotId;
        }

        @Override
        public Identity identity() {
            return identity;
        }

        @Override
        public String toString() {
            return identity + " over " + corpusId + " at " + snapshotId;
        }
    }
}
