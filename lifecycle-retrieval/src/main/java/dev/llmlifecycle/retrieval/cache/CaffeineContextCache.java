package dev.llmlifecycle.retrieval.cache;

import java.text.Normalizer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Pattern;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.langchain4j.store.embedding.filter.Filter;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.retrieval.ContextCache;
import dev.llmlifecycle.api.retrieval.Retrieval;
import dev.llmlifecycle.api.retrieval.RetrievalRequest;
import dev.llmlifecycle.api.retrieval.Retriever;

/**
 * A context cache in memory, bounded in entries and age.
 *
 * <p>A retrieval is kept for its retriever's identity, corpus and snapshot, and for the request's tenant, filter (by
 * its {@code equals}) and text. Texts are the same when they differ only in white space or in how letters are composed
 * (NFC); capitals matter, since a retriever may mean it so. The deadline is not part of it.
 *
 * <p>When several threads ask the same, one searches and the others wait for it, each until its own deadline; no lock
 * is held meanwhile. When the search fails, all of them get its exception and nothing is kept.
 *
 * <p>Thread-safe. It starts no thread.
 *
 * <pre>{@code
 * ContextCache cache = CaffeineContextCache.builder().maximumEntries(1_000).build();
 * ContextCache.Lookup lookup = cache.retrieve(retriever, RetrievalRequest.of("How long does a refund take?"));
 * }</pre>
 *
 * @since 0.1
 */
public final class CaffeineContextCache implements ContextCache {

    private static final Pattern WHITE_SPACE = Pattern.compile("(?U)\\s+");

    // Not Caffeine's asynchronous cache: that one logs every failed search, with its message.
    private final Cache<Key, CompletableFuture<Retrieval>> kept;
    private final Clock clock;
    private final LongAdder hits = new LongAdder();
    private final LongAdder misses = new LongAdder();

    private CaffeineContextCache(Builder builder) {
        this.kept = Caffeine.newBuilder()
                .maximumSize(builder.maximumEntries)
                .expireAfterWrite(builder.expireAfterWrite)
                .ticker(builder.ticker)
                .executor(Runnable::run)
                .build();
        this.clock = builder.clock;
    }

    /**
     * Starts a cache.
     *
     * @return a builder with the defaults
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * How often the cache was asked.
     *
     * <p>Immutable.
     *
     * @param hits lookups that were kept or waited for another's search
     * @param misses lookups that searched
     * @since 0.1
     */
    public record Counts(long hits, long misses) {}

    /**
     * {@inheritDoc}
     *
     * @throws LifecycleException when the deadline passes, or the thread is interrupted, while another thread searches
     */
    @Override
    public Lookup retrieve(Retriever retriever, RetrievalRequest request) {
        Key key = new Key(
                retriever.identity(),
                retriever.corpusId(),
                retriever.snapshotId(),
                request.tenant(),
                request.filter(),
                normalise(request.text()));
        CompletableFuture<Retrieval> own = new CompletableFuture<>();
        CompletableFuture<Retrieval> earlier = kept.asMap().putIfAbsent(key, own);
        if (earlier != null) {
            hits.increment();
            return new Lookup(await(earlier, request), true);
        }
        misses.increment();
        return new Lookup(search(retriever, request, key, own), false);
    }

    /**
     * Returns how often the cache was asked so far.
     *
     * @return the counts since it was built
     */
    public Counts counts() {
        return new Counts(hits.sum(), misses.sum());
    }

    private Retrieval search(Retriever retriever, RetrievalRequest request, Key key, CompletableFuture<Retrieval> own) {
        try {
            Retrieval retrieval = retriever.retrieve(request);
            if (!retrieval.snapshotId().equals(key.snapshotId())) {
                // The index changed meanwhile: what was found belongs to another snapshot than the key names.
                kept.asMap().remove(key, own);
            }
            own.complete(retrieval);
            return retrieval;
        } catch (RuntimeException | Error e) {
            kept.asMap().remove(key, own);
            own.completeExceptionally(e);
            throw e;
        }
    }

    private Retrieval await(CompletableFuture<Retrieval> search, RetrievalRequest request) {
        try {
            if (search.isDone() || request.deadline().isEmpty()) {
                return search.get();
            }
            Duration left = Duration.between(clock.instant(), request.deadline().get());
            return search.get(Math.max(0, left.toMillis()), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            if (e.getCause() instanceof Error failure) {
                throw failure;
            }
            throw new LifecycleException("Waiting for another thread's search failed; ask again", e);
        } catch (TimeoutException e) {
            String deadline = request.deadline().map(Instant::toString).orElse("none");
            throw new LifecycleException(
                    "Waiting for another thread's search ran out of time: the deadline was " + deadline
                            + "; allow more time or use a faster retriever",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LifecycleException(
                    "Waiting for another thread's search was interrupted; ask again from a thread that is not", e);
        }
    }

    private static String normalise(String text) {
        return WHITE_SPACE
                .matcher(Normalizer.normalize(text, Normalizer.Form.NFC).strip())
                .replaceAll(" ");
    }

    private record Key(
            Identity retriever,
            String corpusId,
            String snapshotId,
            Optional<String> tenant,
            Optional<Filter> filter,
            String text) {}

    /**
     * Builds a {@link CaffeineContextCache}.
     *
     * <p>Not thread-safe.
     */
    public static final class Builder {

        private long maximumEntries = 10_000;
        private Duration expireAfterWrite = Duration.ofHours(1);
        private Ticker ticker = Ticker.systemTicker();
        private Clock clock = Clock.systemUTC();

        private Builder() {}

        /**
         * Sets how many retrievals are kept at most.
         *
         * @param maximumEntries at least 1; default 10,000
         * @return this builder
         */
        public Builder maximumEntries(long maximumEntries) {
            if (maximumEntries < 1) {
                throw new IllegalArgumentException("maximumEntries must be at least 1 but was " + maximumEntries
                        + "; leave the cache out to keep nothing");
            }
            this.maximumEntries = maximumEntries;
            return this;
        }

        /**
         * Sets how long a retrieval is kept.
         *
         * @param duration above zero; default one hour
         * @return this builder
         */
        public Builder expireAfterWrite(Duration duration) {
            if (duration.isZero() || duration.isNegative()) {
                throw new IllegalArgumentException("expireAfterWrite must be above zero but was " + duration
                        + "; leave the cache out to keep nothing");
            }
            this.expireAfterWrite = duration;
            return this;
        }

        /**
         * Sets what measures the age of entries.
         *
         * @param ticker default: the system's
         * @return this builder
         */
        public Builder ticker(Ticker ticker) {
            this.ticker = Objects.requireNonNull(ticker, "ticker");
            return this;
        }

        /**
         * Sets the clock that deadlines are held against.
         *
         * @param clock default: the system's
         * @return this builder
         */
        public Builder clock(Clock clock) {
            this.clock = Objects.requireNonNull(clock, "clock");
            return this;
        }

        /**
         * Builds the cache.
         *
         * @return an empty cache
         */
        public CaffeineContextCache build() {
            return new CaffeineContextCache(this);
        }
    }
}
