package dev.llmlifecycle.retrieval.cache;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.retrieval.ContextCache.Lookup;
import dev.llmlifecycle.api.retrieval.Retrieval;
import dev.llmlifecycle.api.retrieval.RetrievalRequest;
import dev.llmlifecycle.api.retrieval.Retriever;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

@NullMarked
class CaffeineContextCacheTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private final AtomicInteger searches = new AtomicInteger();

    @ParameterizedTest
    @CsvSource({
        "'How  long\u00a0does\n it take? ', true",
        "How long does it take?, true",
        "how long does it take?, false",
        "How long does it take, false"
    })
    void differencesOfWhiteSpaceDoNotMatter(String text, boolean hit) {
        CaffeineContextCache cache = CaffeineContextCache.builder().build();
        cache.retrieve(counting(), RetrievalRequest.of("How long does it take?"));

        assertThat(cache.retrieve(counting(), RetrievalRequest.of(text)).hit()).isEqualTo(hit);
        assertThat(cache.counts()).isEqualTo(new CaffeineContextCache.Counts(hit ? 1 : 0, hit ? 1 : 2, 0, 0, 0));
    }

    @Test
    void composedAndDecomposedLettersAreTheSame() {
        CaffeineContextCache cache = CaffeineContextCache.builder().build();
        cache.retrieve(counting(), RetrievalRequest.of("Gr\u00f6\u00dfe"));
        assertThat(cache.retrieve(counting(), RetrievalRequest.of("Gro\u0308\u00dfe"))
                        .hit())
                .isTrue();
    }

    @Test
    void forgetsAfterTheTimeGiven() {
        AtomicLong nanos = new AtomicLong();
        CaffeineContextCache cache = CaffeineContextCache.builder()
                .expireAfterWrite(Duration.ofMinutes(5))
                .ticker(nanos::get)
                .build();
        cache.retrieve(counting(), RetrievalRequest.of("refunds"));
        nanos.addAndGet(TimeUnit.MINUTES.toNanos(4));
        assertThat(cache.retrieve(counting(), RetrievalRequest.of("refunds")).hit())
                .isTrue();
        nanos.addAndGet(TimeUnit.MINUTES.toNanos(2));
        assertThat(cache.retrieve(counting(), RetrievalRequest.of("refunds")).hit())
                .isFalse();
        assertThat(searches).hasValue(2);
    }

    @Test
    void aWaiterGivesUpAtItsOwnDeadlineAndTheSearchGoesOn() throws Exception {
        CaffeineContextCache cache = CaffeineContextCache.builder()
                .clock(Clock.fixed(NOW, ZoneOffset.UTC))
                .build();
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        Retriever slow = retriever(() -> {
            started.countDown();
            awaitLatch(mayEnd);
            return new Retrieval(List.of(), "s1");
        });
        CompletableFuture<Lookup> first = onThread(() -> cache.retrieve(slow, RetrievalRequest.of("refunds")));
        awaitLatch(started);

        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(() -> cache.retrieve(
                        slow,
                        new RetrievalRequest(
                                "refunds", Optional.empty(), Optional.empty(), Optional.of(NOW.plusMillis(20)))))
                .withMessage("Waiting for another thread's search ran out of time: the deadline was"
                        + " 2026-03-01T12:00:00.020Z; allow more time or use a faster retriever");
        Thread.currentThread().interrupt();
        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(() -> cache.retrieve(slow, RetrievalRequest.of("refunds")))
                .withMessageContaining("was interrupted");
        assertThat(Thread.interrupted()).isTrue();

        mayEnd.countDown();
        assertThat(first.get(10, TimeUnit.SECONDS).hit()).isFalse();
        // What is kept is served whatever the deadline.
        assertThat(cache.retrieve(
                                slow,
                                new RetrievalRequest(
                                        "refunds", Optional.empty(), Optional.empty(), Optional.of(NOW.minusMillis(1))))
                        .hit())
                .isTrue();
    }

    @Test
    void waitersGetTheOriginalExceptionOrError() {
        CaffeineContextCache cache = CaffeineContextCache.builder().build();
        assertThatWaiterGets(cache, new IllegalStateException("closed"));
        assertThatWaiterGets(cache, new NoClassDefFoundError("onnx"));
        assertThat(cache.retrieve(counting(), RetrievalRequest.of("refunds")).hit())
                .isFalse();
    }

    /** A thread of its own: the common pool may have one only, which the first search holds. */
    private static CompletableFuture<Lookup> onThread(Supplier<Lookup> lookup) {
        return CompletableFuture.supplyAsync(lookup, task -> new Thread(task).start());
    }

    private static void assertThatWaiterGets(CaffeineContextCache cache, Throwable failure) {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        Retriever failing = retriever(() -> {
            started.countDown();
            awaitLatch(mayEnd);
            if (failure instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) failure;
        });
        long before = cache.counts().waits();
        CompletableFuture<Lookup> first = onThread(() -> cache.retrieve(failing, RetrievalRequest.of("refunds")));
        awaitLatch(started);
        CompletableFuture<Lookup> second = onThread(() -> cache.retrieve(failing, RetrievalRequest.of("refunds")));
        await().until(() -> cache.counts().waits() > before);
        mayEnd.countDown();
        for (CompletableFuture<Lookup> lookup : List.of(first, second)) {
            assertThat(lookup)
                    .failsWithin(Duration.ofSeconds(10))
                    .withThrowableOfType(ExecutionException.class)
                    .satisfies(e -> assertThat(e.getCause()).isSameAs(failure));
        }
    }

    @Test
    void refusesOptionsOutOfRange() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CaffeineContextCache.builder().maximumEntries(0))
                .withMessage("maximumEntries must be at least 1 but was 0; leave the cache out to keep nothing");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CaffeineContextCache.builder().expireAfterWrite(Duration.ZERO));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CaffeineContextCache.builder().expireAfterWrite(Duration.ofSeconds(-1)));
    }

    private Retriever counting() {
        return retriever(() -> {
            searches.incrementAndGet();
            return new Retrieval(List.of(), "s1");
        });
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static Retriever retriever(Supplier<Retrieval> search) {
        return new Retriever() {
            @Override
            public Retrieval retrieve(RetrievalRequest request) {
                return search.get();
            }

            @Override
            public String corpusId() {
                return "help";
            }

            @Override
            public String snapshotId() {
                return "s1";
            }

            @Override
            public Identity identity() {
                return Identity.of("fake", "1");
            }
        };
    }
}
