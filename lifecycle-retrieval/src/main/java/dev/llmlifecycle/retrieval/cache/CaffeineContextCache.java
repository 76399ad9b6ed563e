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
import dev.llmlifecycle.api.retrieval.RevalidatingRetriever;
import dev.llmlifecycle.api.retrieval.RevalidatingRetriever.Revalidatable;

/**
 * A context cache in memory, bounded in entries and age.
 *
 * <p>A retrieval is kept for its retriever's identity, corpus and snapshot, and for the request's tenant, filter (by
 * its {@code equals}) and text. Texts are the same when they differ only in white space or in how letters are composed
 * (NFC); capitals matter, since a retriever may mean it so. The deadline is not part of it.
 *
 * <p>Of a {@link RevalidatingRetriever} a retrieval is kept across snapshots: each lookup asks it whether the changes
 * since can have touched what was found, and searches again if so. What a lookup returns is what the index held at some
 * moment between its start and its end.
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
    private final Cache<Key, CompletableFuture<Revalidatable>> kept;
    private final Clock clock;
    private final LongAdder hits = new LongAdder();
    private final LongAdder misses = new LongAdder();
    private final LongAdder waits = new LongAdder();
    private final LongAdder outdated = new LongAdder();

    private CaffeineContextCache(Builder builder) {
        this.kept = Caffeine.newBuilder()
                .maximumSize(builder.maximumEntries)
                .expireAfter(new JitteredExpiry<Key, CompletableFuture<Revalidatable>>(builder.expireAfterWrite))
                .ticker(new ForwardTicker(builder.ticker))
                .executor(Runnable::run)
                .recordStats()
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
     * @param hits lookups that were answered without a search of their own
     * @param misses lookups that searched
     * @param waits lookups that waited for another thread's search
     * @param outdated entries dropped because a change of the index may have touched them
     * @param evictions entries dropped for age or room
     * @since 0.1
     */
    public record Counts(long hits, long misses, long waits, long outdated, long evictions) {}

    /**
     * {@inheritDoc}
     *
     * @throws LifecycleException when the deadline passes, or the thread is interrupted, while another thread searches
     */
    @Override
    public Lookup retrieve(Retriever retriever, RetrievalRequest request) {
        Key key = key(retriever, request);
        while (true) {
            CompletableFuture<Revalidatable> own = new CompletableFuture<>();
            CompletableFuture<Revalidatable> earlier = kept.asMap().putIfAbsent(key, own);
            if (earlier == null) {
                misses.increment();
                return new Lookup(search(retriever, request, key, own).retrieval(), false);
            }
            if (!earlier.isDone()) {
                waits.increment();
            }
            Revalidatable found = await(earlier, request);
            // Also after waiting: that search may have looked at the index before this call began.
            Optional<Revalidatable> current = found.current();
            if (current.isPresent()) {
                hits.increment();
                if (current.get() != found) {
                    kept.asMap().replace(key, earlier, CompletableFuture.completedFuture(current.get()));
                }
                return new Lookup(current.get().retrieval(), true);
            }
            if (kept.asMap().remove(key, earlier)) {
                outdated.increment();
            }
        }
    }

    /** Drops everything. */
    public void invalidateAll() {
        kept.invalidateAll();
    }

    /**
     * Drops what is kept for a tenant.
     *
     * @param tenant whose retrievals go
     */
    public void invalidateTenant(String tenant) {
        kept.asMap().keySet().removeIf(key -> key.tenant().equals(Optional.of(tenant)));
    }

    /**
     * Drops what is kept of a corpus.
     *
     * @param corpusId whose retrievals go
     */
    public void invalidateCorpus(String corpusId) {
        kept.asMap().keySet().removeIf(key -> key.corpusId().equals(corpusId));
    }

    /**
     * Returns how often the cache was asked so far.
     *
     * @return the counts since it was built
     */
    public Counts counts() {
        return new Counts(
                hits.sum(),
                misses.sum(),
                waits.sum(),
                outdated.sum(),
                kept.stats().evictionCount());
    }

    private static Key key(Retriever retriever, RetrievalRequest request) {
        boolean revalidates = retriever instanceof RevalidatingRetriever;
        boolean surface = retriever instanceof RevalidatingRetriever own && own.ignoresSurfaceForm();
        return new Key(
                retriever.identity(),
                retriever.corpusId(),
                // Another index under the same names must not answer for this one.
                revalidates ? Optional.of(retriever) : Optional.empty(),
                revalidates ? Optional.empty() : Optional.of(retriever.snapshotId()),
                request.tenant(),
                request.filter(),
                surface ? QuestionText.normalise(request.text()) : normalise(request.text()));
    }

    private Revalidatable search(
            Retriever retriever, RetrievalRequest request, Key key, CompletableFuture<Revalidatable> own) {
        try {
            Revalidatable found = retriever instanceof RevalidatingRetriever revalidating
                    ? revalidating.retrieveRevalidatable(request)
                    : new OfOneSnapshot(retriever.retrieve(request));
            String snapshotId = found.retrieval().snapshotId();
            if (key.snapshotId().filter(id -> !id.equals(snapshotId)).isPresent()) {
                // The index changed meanwhile: what was found belongs to another snapshot than the key names.
                kept.asMap().remove(key, own);
            }
            own.complete(found);
            return found;
        } catch (RuntimeException | Error e) {
            kept.asMap().remove(key, own);
            own.completeExceptionally(e);
            throw e;
        }
    }

    private Revalidatable await(CompletableFuture<Revalidatable> search, RetrievalRequest request) {
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
            Optional<Retriever> instance,
            Optional<String> snapshotId,
            Optional<String> tenant,
            Optional<Filter> filter,
            String text) {}

    /** What a retriever found that says nothing of changes; its key names the snapshot. */
    private record OfOneSnapshot(Retrieval retrieval) implements Revalidatable {

        @Override
        public Optional<Revalidatable> current() {
            return Optional.of(this);
        }
    }

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
         * Sets how long a retrieval is kept at most; up to a tenth less, by its key.
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
