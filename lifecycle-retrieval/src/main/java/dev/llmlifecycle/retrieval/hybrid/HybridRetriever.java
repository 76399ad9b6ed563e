package dev.llmlifecycle.retrieval.hybrid;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.api.retrieval.Retrieval;
import dev.llmlifecycle.api.retrieval.RetrievalRequest;
import dev.llmlifecycle.api.retrieval.Retriever;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks several sources at once and fuses what they find.
 *
 * <pre>{@code
 * Retriever retriever = HybridRetriever.builder("help", executor)
 *         .source("words", index.lexicalRetriever(50))
 *         .source("vectors", index.vectorRetriever(model, modelIdentity, 50))
 *         .build();
 * }</pre>
 *
 * <p>Passages are the same when their ids are; text and metadata are those of the first declared source that found it.
 * A source that fails, or is not there within its timeout and the request's deadline, is dropped and named; the others
 * count. It is interrupted, and holds a thread of the executor until it heeds that.
 *
 * <p>Thread-safe when its sources, executor and listener are.
 *
 * @since 0.1
 */
public final class HybridRetriever implements Retriever {

    private static final Logger log = LoggerFactory.getLogger(HybridRetriever.class);

    private static final Comparator<Passage> BEST_FIRST =
            Comparator.comparingDouble(Passage::score).reversed().thenComparing(Passage::id);

    private final String corpusId;
    private final Executor executor;
    private final List<Source> sources;
    private final Fusion fusion;
    private final int maxPassages;
    private final Clock clock;
    private final Consumer<? super HybridExplanation.DroppedSource> onDropped;
    private final Identity identity;

    private HybridRetriever(Builder builder) {
        this.corpusId = builder.corpusId;
        this.executor = builder.executor;
        this.sources = List.copyOf(builder.sources.values());
        this.fusion = builder.fusion;
        this.maxPassages = builder.maxPassages;
        this.clock = builder.clock;
        this.onDropped = builder.onDropped;
        this.identity = Identity.of(
                "hybrid-retriever",
                "1",
                Map.of(
                        "sources", sources.stream().map(Source::toCanonical).toList(),
                        "fusion", fusion.identity().toCanonical(),
                        "maxPassages", maxPassages));
    }

    private record Source(String name, Retriever retriever, int depth, double weight, Duration timeout) {

        Map<String, Object> toCanonical() {
            return Map.of(
                    "name", name,
                    "retriever", retriever.identity().toCanonical(),
                    "depth", depth,
                    "weight", weight,
                    "timeoutMillis", timeout.toMillis());
        }

        Retrieval search(RetrievalRequest request) {
            Retrieval found = retriever.retrieve(request);
            Map<String, Passage> byId = new LinkedHashMap<>();
            found.passages().stream()
                    .filter(passage -> request.filter()
                            .map(filter -> filter.test(passage.segment().metadata()))
                            .orElse(true))
                    .sorted(BEST_FIRST)
                    .forEach(passage -> byId.putIfAbsent(passage.id(), passage));
            return new Retrieval(byId.values().stream().limit(depth).toList(), found.snapshotId());
        }
    }

    /**
     * Starts a retriever.
     *
     * @param corpusId names what the sources search together, not blank
     * @param executor runs the sources; it needs a thread for each to ask them at once
     * @return a builder
     */
    public static Builder builder(String corpusId, Executor executor) {
        return new Builder(corpusId, executor);
    }

    @Override
    public Retrieval retrieve(RetrievalRequest request) {
        return explain(request).retrieval();
    }

    /**
     * Retrieves and says how the result came about.
     *
     * @param request what to look for
     * @return the result with its reasons
     * @throws LifecycleException when every source was dropped, or the thread is interrupted
     */
    public HybridExplanation explain(RetrievalRequest request) {
        Asked asked = ask(request);
        asked.dropped().forEach(onDropped);
        if (asked.found().isEmpty()) {
            throw new LifecycleException("Retrieving from '" + corpusId + "' failed in every source: " + asked.dropped()
                    + "; check the sources or allow more time");
        }
        List<HybridExplanation.FusedPassage> fused = fuse(asked.found());
        Retrieval retrieval = new Retrieval(
                fused.stream().map(HybridExplanation.FusedPassage::passage).toList(), snapshotId(asked.found()));
        return new HybridExplanation(retrieval, fused, asked.dropped(), asked.timings());
    }

    /**
     * What the sources said.
     *
     * @param found by the name of the source, passages best first
     * @param dropped the sources that said nothing
     * @param timings how long each was waited for
     */
    record Asked(
            Map<String, Retrieval> found,
            List<HybridExplanation.DroppedSource> dropped,
            Map<String, Duration> timings) {}

    /** Returns the names of the sources, in the order they were declared. */
    List<String> sourceNames() {
        return sources.stream().map(Source::name).toList();
    }

    Asked ask(RetrievalRequest request) {
        long start = System.nanoTime();
        Duration left = request.deadline()
                .map(deadline -> Duration.between(clock.instant(), deadline))
                .map(time -> time.isNegative() ? Duration.ZERO : time)
                .orElse(Duration.ofDays(1));
        Map<Source, FutureTask<Retrieval>> asked = new LinkedHashMap<>();
        Map<String, Retrieval> found = new HashMap<>();
        Map<String, Duration> timings = new HashMap<>();
        List<HybridExplanation.DroppedSource> dropped = new ArrayList<>();
        try {
            for (Source source : sources) {
                FutureTask<Retrieval> task = new FutureTask<>(() -> source.search(request));
                asked.put(source, task);
                try {
                    executor.execute(task);
                } catch (RejectedExecutionException e) {
                    log.debug("The executor refused to search the source '{}'", source.name(), e);
                    task.cancel(false);
                }
            }
            asked.forEach((source, task) -> {
                Duration limit = left.compareTo(source.timeout()) < 0 ? left : source.timeout();
                await(source, task, limit.toNanos() - (System.nanoTime() - start), dropped)
                        .ifPresent(retrieval -> found.put(source.name(), retrieval));
                timings.put(source.name(), Duration.ofNanos(System.nanoTime() - start));
            });
        } finally {
            asked.values().forEach(task -> task.cancel(true));
        }
        return new Asked(found, dropped, timings);
    }

    private static Optional<Retrieval> await(
            Source source, FutureTask<Retrieval> task, long nanos, List<HybridExplanation.DroppedSource> dropped) {
        String reason;
        try {
            if (!task.isCancelled()) {
                return Optional.of(task.get(Math.max(0, nanos), TimeUnit.NANOSECONDS));
            }
            reason = "the executor refused it";
        } catch (TimeoutException e) {
            reason = "it was not there in time";
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            log.debug("Searching the source '{}' failed", source.name(), e);
            reason = "it failed with "
                    + Objects.requireNonNull(e.getCause()).getClass().getName();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LifecycleException(
                    "Waiting for the source '" + source.name() + "' was interrupted; retrieve again", e);
        }
        dropped.add(new HybridExplanation.DroppedSource(source.name(), reason));
        return Optional.empty();
    }

    private List<HybridExplanation.FusedPassage> fuse(Map<String, Retrieval> found) {
        Map<String, Passage> passages = new LinkedHashMap<>();
        Map<String, List<HybridExplanation.Contribution>> contributions = new HashMap<>();
        for (Source source : sources) {
            Retrieval retrieval = found.get(source.name());
            List<Passage> ranking = retrieval == null ? List.of() : retrieval.passages();
            List<Fusion.Place> places = Fusion.places(source.name(), source.weight(), ranking);
            for (int i = 0; i < ranking.size(); i++) {
                Passage passage = ranking.get(i);
                Fusion.Place place = places.get(i);
                passages.putIfAbsent(passage.id(), passage);
                contributions
                        .computeIfAbsent(passage.id(), id -> new ArrayList<>())
                        .add(new HybridExplanation.Contribution(
                                source.name(), place.rank(), passage.score(), fusion.contribution(place)));
            }
        }
        return passages.values().stream()
                .map(passage -> fused(passage, contributions.getOrDefault(passage.id(), List.of())))
                .sorted(Comparator.comparing(HybridExplanation.FusedPassage::passage, BEST_FIRST))
                .limit(maxPassages)
                .toList();
    }

    private static HybridExplanation.FusedPassage fused(
            Passage passage, List<HybridExplanation.Contribution> contributions) {
        double score = 0;
        for (HybridExplanation.Contribution contribution : contributions) {
            score += contribution.contribution();
        }
        return new HybridExplanation.FusedPassage(new Passage(passage.id(), passage.segment(), score), contributions);
    }

    /** A result without a source is another than one with it. */
    private String snapshotId(Map<String, Retrieval> found) {
        List<String> ids = new ArrayList<>();
        for (Source source : sources) {
            Retrieval retrieval = found.get(source.name());
            if (retrieval != null) {
                ids.add(source.name() + "=" + retrieval.snapshotId());
            }
        }
        return String.join(";", ids);
    }

    @Override
    public String corpusId() {
        return corpusId;
    }

    @Override
    public String snapshotId() {
        return String.join(
                ";",
                sources.stream()
                        .map(source -> source.name() + "=" + source.retriever().snapshotId())
                        .toList());
    }

    @Override
    public Identity identity() {
        return identity;
    }

    /**
     * Builds a {@link HybridRetriever}.
     *
     * <p>Not thread-safe.
     *
     * @since 0.1
     */
    public static final class Builder {

        private final String corpusId;
        private final Executor executor;
        private final Map<String, Source> sources = new LinkedHashMap<>();
        private Fusion fusion = Fusion.reciprocalRank(60);
        private int maxPassages = 10;
        private Clock clock = Clock.systemUTC();
        private Consumer<? super HybridExplanation.DroppedSource> onDropped =
                dropped -> log.warn("The source '{}' was dropped: {}", dropped.source(), dropped.reason());

        private Builder(String corpusId, Executor executor) {
            this.corpusId = requireText(corpusId, "corpus id");
            this.executor = Objects.requireNonNull(executor, "executor");
        }

        private static String requireText(String text, String what) {
            if (text.isBlank()) {
                throw new IllegalArgumentException("the " + what + " of a hybrid retriever is blank; give it a name");
            }
            return text;
        }

        /**
         * Adds a source whose best 100 passages count with weight 1 when they are there within 5 seconds.
         *
         * @param name its name, once only
         * @param retriever finds passages
         * @return this builder
         * @throws IllegalArgumentException when the name is blank or taken
         */
        public Builder source(String name, Retriever retriever) {
            return source(name, retriever, 100, 1, Duration.ofSeconds(5));
        }

        /**
         * Adds a source.
         *
         * @param name its name, once only
         * @param retriever finds passages
         * @param depth how many of its passages count at most, at least 1
         * @param weight what its contributions are multiplied by, finite and more than 0
         * @param timeout how long it is waited for at most, from 1 millisecond to 1 day
         * @return this builder
         * @throws IllegalArgumentException when a value is out of its range or the name is taken
         */
        public Builder source(String name, Retriever retriever, int depth, double weight, Duration timeout) {
            requireText(name, "source's name");
            Objects.requireNonNull(retriever, "retriever");
            if (depth < 1 || !(weight > 0) || weight > 1_000_000) {
                throw new IllegalArgumentException("the source '" + name + "' has the depth " + depth
                        + " and the weight " + weight
                        + "; the depth must be at least 1, the weight more than 0 and at most 1,000,000");
            }
            if (timeout.compareTo(Duration.ofMillis(1)) < 0 || timeout.compareTo(Duration.ofDays(1)) > 0) {
                throw new IllegalArgumentException("the source '" + name + "' has the timeout " + timeout
                        + "; give one from 1 millisecond to 1 day");
            }
            if (sources.putIfAbsent(name, new Source(name, retriever, depth, weight, timeout)) != null) {
                throw new IllegalArgumentException(
                        "there are two sources named '" + name + "'; give each a name of its own");
            }
            return this;
        }

        /**
         * Says how rankings are fused. Default: {@link Fusion#reciprocalRank} with 60.
         *
         * @param fusion makes one ranking of several
         * @return this builder
         */
        public Builder fusion(Fusion fusion) {
            this.fusion = Objects.requireNonNull(fusion, "fusion");
            return this;
        }

        /**
         * Limits the result. Default: 10.
         *
         * @param maxPassages how many passages it has at most, at least 1
         * @return this builder
         * @throws IllegalArgumentException when it is less than 1
         */
        public Builder maxPassages(int maxPassages) {
            if (maxPassages < 1) {
                throw new IllegalArgumentException("maxPassages must be at least 1 but was " + maxPassages);
            }
            this.maxPassages = maxPassages;
            return this;
        }

        /**
         * Sets the clock that deadlines are compared with. Default: the system's.
         *
         * @param clock tells the time
         * @return this builder
         */
        public Builder clock(Clock clock) {
            this.clock = Objects.requireNonNull(clock, "clock");
            return this;
        }

        /**
         * Sets who hears of dropped sources, on the thread that retrieves; what it throws reaches the caller. Default:
         * a warning in the log.
         *
         * @param listener hears of each dropped source
         * @return this builder
         */
        public Builder onDropped(Consumer<? super HybridExplanation.DroppedSource> listener) {
            this.onDropped = Objects.requireNonNull(listener, "listener");
            return this;
        }

        /**
         * Builds the retriever.
         *
         * @return the retriever
         * @throws IllegalArgumentException when there is no source, or the fusion was learned from others
         */
        public HybridRetriever build() {
            if (sources.isEmpty()) {
                throw new IllegalArgumentException("a hybrid retriever needs at least one source; add one");
            }
            fusion.sources().filter(known -> !known.equals(sources.keySet())).ifPresent(known -> {
                throw new IllegalArgumentException("the fusion was learned from the sources " + new TreeSet<>(known)
                        + " but there are " + new TreeSet<>(sources.keySet()) + "; learn it again from these");
            });
            return new HybridRetriever(this);
        }
    }
}
