package dev.llmlifecycle.retrieval.vector;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

import dev.langchain4j.store.embedding.filter.Filter;
import dev.llmlifecycle.api.DamagedDataException;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.retrieval.vector.internal.DirectoryStorage;
import dev.llmlifecycle.retrieval.vector.internal.Disk;
import dev.llmlifecycle.retrieval.vector.internal.GroupCommit;
import dev.llmlifecycle.retrieval.vector.internal.HnswGraphBuilder;
import dev.llmlifecycle.retrieval.vector.internal.InvertedMetadataIndexing;
import dev.llmlifecycle.retrieval.vector.internal.Manifest;
import dev.llmlifecycle.retrieval.vector.internal.MetadataIndexing;
import dev.llmlifecycle.retrieval.vector.internal.NoStorage;
import dev.llmlifecycle.retrieval.vector.internal.SegmentContent;
import dev.llmlifecycle.retrieval.vector.internal.VectorItem;
import dev.llmlifecycle.retrieval.vector.internal.VectorStorage;
import dev.llmlifecycle.retrieval.vector.internal.Workers;
import dev.llmlifecycle.retrieval.vector.internal.WriteBatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Vectors with metadata, in memory or in a directory, and what is near to a vector.
 *
 * <pre>{@code
 * try (VectorIndex index = VectorIndex.builder(384).directory(path).build()) {
 *     index.add(VectorEntry.of("doc-7", vector, Metadata.from("lang", "en")));
 *     VectorSearchResult result = index.search(VectorQuery.of(query, 5));
 * }
 * }</pre>
 *
 * <p>Small indexes are searched by comparing every vector. Beyond {@link Builder#exactLimit} a graph (HNSW) is built in
 * the background, and again as the index grows; what came since is compared one by one.
 *
 * <p>A change is there for every search that begins after the call returned, whole or not at all. A search sees one
 * state from its beginning to its end. In a directory, a change is logged before it is seen, and what was acknowledged
 * is there after a crash.
 *
 * <p>Thread-safe: searches never wait, changes wait for each other and share what they wait for. Adding also waits
 * while {@linkplain Builder#mostWaiting too many} entries wait for a graph.
 *
 * @since 0.1
 */
public final class VectorIndex implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(VectorIndex.class);

    private final VectorSpace space;
    private final Clock clock;
    private final int exactLimit;
    private final int mostWaiting;
    private final Duration longestWait;
    private final boolean readOnly;
    private final Executor executor;
    private final Optional<ExecutorService> owned;
    private final VectorStorage storage;
    private final SegmentMerge.Maker maker;
    private final MergePolicy policy;
    private final Background background;
    private final RecallProbe probe;
    private final GroupCommit<Change> commits = new GroupCommit<>(this::commit);
    private final List<Consumer<? super VectorChange>> listeners = new CopyOnWriteArrayList<>();

    private final ReentrantLock writing = new ReentrantLock();
    /** Ids written while a removal by filter looks for its entries, one set for each of them. */
    private final List<Set<String>> rewritten = new ArrayList<>();

    /** Set with the lock held, and handed to the background without it. */
    private final AtomicBoolean workCame = new AtomicBoolean();

    private IndexState state;
    private boolean compacting;
    private int width;
    private volatile VectorSnapshot current;
    private volatile boolean closed;
    private @Nullable Throwable broken;

    private VectorIndex(Builder builder) {
        this.space = new VectorSpace(builder.dimension, builder.similarity);
        this.clock = builder.clock;
        this.exactLimit = builder.exactLimit;
        this.mostWaiting = builder.mostWaiting.orElse(exactLimit);
        this.longestWait = builder.longestWait;
        this.readOnly = builder.readOnly;
        this.width = builder.width;
        this.owned = builder.executor.isPresent() ? Optional.empty() : Optional.of(daemons());
        this.executor = builder.executor.orElseGet(owned::orElseThrow);
        this.probe = new RecallProbe(builder.probeEvery, executor);
        this.policy = new MergePolicy(MergePolicy.mostRows(builder.dimension));
        MetadataIndexing indexing = new InvertedMetadataIndexing();
        this.maker = new SegmentMerge.Maker(
                builder.dimension,
                exactLimit,
                new HnswGraphBuilder(space.metric(), space.math(), builder.links, builder.buildWidth),
                indexing,
                new Workers(executor, Math.max(1, Runtime.getRuntime().availableProcessors() - 1)));
        this.background = new Background(executor, this::maintain);
        this.storage = builder.storage(indexing);
        try {
            this.state = recovered();
            this.current = snapshotOf(state);
        } catch (RuntimeException | Error e) {
            try (storage) {
                owned.ifPresent(ExecutorService::shutdown);
                throw e;
            }
        }
        if (!readOnly && pendingWork() > 0) {
            background.request();
        }
    }

    private static ExecutorService daemons() {
        return Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "vector-index");
            thread.setDaemon(true);
            return thread;
        });
    }

    private IndexState recovered() {
        IndexState recovered = new IndexState(space, exactLimit, storage.recover());
        storage.replay(recovered::apply);
        return recovered;
    }

    /**
     * Starts an index.
     *
     * @param dimension how many numbers each vector has, at least 1
     * @return a builder
     */
    public static Builder builder(int dimension) {
        return new Builder(dimension);
    }

    /**
     * Adds an entry, in the place of an older one with its id.
     *
     * @param entry the entry
     * @throws IllegalArgumentException when its vector does not fit the index
     * @throws LifecycleException when it cannot be logged, or the thread is interrupted while it waits for graphs; then
     *     nothing is changed
     */
    public void add(VectorEntry entry) {
        addAll(List.of(entry));
    }

    /**
     * Adds entries, all or none, each in the place of an older one with its id.
     *
     * @param entries the entries, each id once; without any, nothing happens
     * @throws IllegalArgumentException when an id is there twice or a vector does not fit the index
     * @throws LifecycleException when they cannot be logged, or the thread is interrupted while it waits for graphs;
     *     then nothing is changed
     */
    public void addAll(Collection<VectorEntry> entries) {
        List<VectorItem> items = new ArrayList<>(entries.size());
        Set<String> ids = new HashSet<>();
        for (VectorEntry entry : entries) {
            if (!ids.add(entry.id())) {
                throw new IllegalArgumentException("Adding " + entries.size() + " entries at once found the id '"
                        + entry.id() + "' twice; leave out the one that is not to stay");
            }
            items.add(new VectorItem(entry.id(), space.kept(entry), entry.text().orElse(null), entry.metadata()));
        }
        write(new Change(List.of(), items, Optional.empty()));
    }

    /**
     * Removes entries; ids that are not there are passed over.
     *
     * @param ids whose entries go, all or none
     * @return how many entries were there
     * @throws LifecycleException when it cannot be logged; then nothing is changed
     */
    public int remove(Collection<String> ids) {
        return write(new Change(List.copyOf(ids), List.of(), Optional.empty()))
                .removed()
                .size();
    }

    /**
     * Removes the entries that match when this is called; one that is written meanwhile stays.
     *
     * @param filter what to remove, by metadata
     * @return how many entries went
     * @throws LifecycleException when it cannot be logged; then nothing is changed
     */
    public int remove(Filter filter) {
        Objects.requireNonNull(filter, "filter");
        Set<String> since = new HashSet<>();
        VectorSnapshot seen;
        writing.lock();
        try {
            seen = current();
            rewritten.add(since);
        } finally {
            writing.unlock();
        }
        try {
            // The filter can be the host's own code: no lock is held.
            List<String> ids = seen.matchingIds(Optional.of(filter));
            return write(new Change(ids, List.of(), Optional.of(since)))
                    .removed()
                    .size();
        } finally {
            writing.lock();
            try {
                rewritten.removeIf(set -> set == since);
            } finally {
                writing.unlock();
            }
        }
    }

    /**
     * Removes all entries, and in a directory their files at once.
     *
     * @return how many there were
     * @throws LifecycleException when it cannot be written; then nothing is changed
     */
    public int removeAll() {
        VectorSnapshot before;
        VectorSnapshot after;
        writing.lock();
        try {
            requireWritable();
            before = current;
            if (before.size() == 0) {
                return 0;
            }
            storage.publish(new Manifest(state.version() + 1, List.of()));
            state.clear();
            after = snapshotOf(state);
            current = after;
        } finally {
            writing.unlock();
        }
        background.progressed();
        if (!listeners.isEmpty()) {
            tell(new VectorChange(after.id(), List.of(), before.matchingIds(Optional.empty())));
        }
        return before.size();
    }

    /**
     * Returns an entry.
     *
     * @param id its id
     * @return the entry, if there is one
     */
    public Optional<VectorEntry> get(String id) {
        return current().get(id);
    }

    /**
     * Returns what counts as near.
     *
     * @return the similarity
     */
    public VectorSimilarity similarity() {
        return space.similarity();
    }

    /**
     * Returns how many entries there are.
     *
     * @return the number of entries
     */
    public int size() {
        return current().size();
    }

    /**
     * Finds the nearest entries in the latest state.
     *
     * @param query what to look for
     * @return the entries, nearest first; fewer than asked for when there are no more, or none as near as asked for
     * @throws IllegalArgumentException when the query's vector does not fit the index
     * @throws LifecycleException when the query's deadline passes
     */
    public VectorSearchResult search(VectorQuery query) {
        VectorSnapshot snapshot = current();
        VectorSearchResult result = snapshot.search(query);
        probe.answered(snapshot, query, result);
        return result;
    }

    /**
     * Finds the nearest entries for several queries, all in one state.
     *
     * @param queries what to look for
     * @return a result for each query, in their order
     */
    public List<VectorSearchResult> searchAll(List<VectorQuery> queries) {
        return current().searchAll(queries);
    }

    /**
     * Returns the latest state, which later changes do not touch.
     *
     * @return the state
     */
    public VectorSnapshot snapshot() {
        return current();
    }

    /**
     * Adds a listener that hears of every change after it can be seen.
     *
     * <p>It is called by the thread that made the change, outside locks; of changes that threads make at once it can
     * hear out of order, and their snapshot ids tell the order. What it throws is logged, as the change is made
     * already.
     *
     * @param listener hears of changes
     */
    public void addListener(Consumer<? super VectorChange> listener) {
        listeners.add(Objects.requireNonNull(listener, "listener"));
    }

    /**
     * Removes a listener.
     *
     * @param listener one that was added
     */
    public void removeListener(Consumer<? super VectorChange> listener) {
        listeners.remove(listener);
    }

    /**
     * Waits until graphs are built, segments merged and files written, as far as there is need.
     *
     * @throws LifecycleException when that failed since it was last asked; nothing is lost, and it is tried again when
     *     more is added or {@link #compact} is called
     */
    public void awaitBackground() {
        requireOpen();
        background.await();
    }

    /**
     * Makes one segment of all, without what was deleted, and waits for it.
     *
     * @throws LifecycleException when it failed; nothing is lost
     */
    public void compact() {
        writing.lock();
        try {
            requireWritable();
            compacting = true;
        } finally {
            writing.unlock();
        }
        background.request();
        background.await();
    }

    /**
     * Finds the smallest width with which searches find a share of the true nearest entries, and uses it from now on
     * for queries that name no width.
     *
     * <p>Half of the queries choose the width, the other half measure what is returned. An index without a graph is
     * exact and keeps its width. The width is not kept in files: give it to {@link Builder#width}.
     *
     * @param targetRecall the share, above 0 and at most 1
     * @param sampleQueries at least 20 queries like those to come, not entries of the index; their own widths and
     *     deadlines do not count
     * @return what was measured with the width, which can be less than the target
     */
    public RecallEstimate tune(double targetRecall, List<VectorQuery> sampleQueries) {
        Tuning tuning = new Tuning(current(), targetRecall, sampleQueries);
        RecallEstimate estimate = tuning.run();
        writing.lock();
        try {
            width = estimate.width();
            current = current.withWidth(width);
        } finally {
            writing.unlock();
        }
        return estimate;
    }

    /**
     * Returns the recall of the answers that were compared with exact ones in passing.
     *
     * @return what was measured since the index was opened; nothing without {@link Builder#probeEvery}, or before the
     *     first such answer
     */
    public Optional<RecallEstimate> probedRecall() {
        return probe.estimate();
    }

    /**
     * Shows what another process has written since this index was opened for reading or last refreshed.
     *
     * @return whether there was something new
     * @throws IllegalStateException when the index was not opened by {@link Builder#readOnly}
     */
    public boolean refresh() {
        writing.lock();
        try {
            requireOpen();
            if (!readOnly || !(storage instanceof DirectoryStorage directory)) {
                throw new IllegalStateException("a vector index that is written to is always fresh; refresh is for"
                        + " those opened with readOnly()");
            }
            if (!directory.changed()) {
                return false;
            }
            long before = current.id();
            state = recovered();
            current = snapshotOf(state);
            return current.id() != before;
        } finally {
            writing.unlock();
        }
    }

    /**
     * Copies the directory as it is now, while the index is searched and changed; the copy is opened like any index.
     *
     * @param target a directory that is missing or empty
     * @throws IllegalStateException when the index is in memory
     * @throws LifecycleException when it cannot be written
     */
    public void backup(Path target) {
        requireDirectory().backup(target);
    }

    /**
     * Reads every byte of the directory and compares it with its checksum; opening and searching check what they read.
     *
     * @return what is damaged, empty when nothing is
     * @throws IllegalStateException when the index is in memory
     */
    public List<DamagedDataException> verify() {
        return requireDirectory().verify();
    }

    /**
     * Returns the damage before which an index stopped that was opened by {@link Builder#readOnlyUpToDamage}.
     *
     * @return the damaged change, or nothing when all were read
     */
    public Optional<DamagedDataException> damage() {
        return storage instanceof DirectoryStorage directory ? directory.damage() : Optional.empty();
    }

    private DirectoryStorage requireDirectory() {
        requireOpen();
        if (storage instanceof DirectoryStorage directory) {
            return directory;
        }
        throw new IllegalStateException("the vector index is in memory and has no files; build it with a directory");
    }

    /**
     * Ends background work and frees files and threads; snapshots and matches stay readable.
     *
     * <p>Nothing has to be saved: what was acknowledged is in the directory. May be called twice.
     */
    @Override
    public void close() {
        writing.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
        } finally {
            writing.unlock();
        }
        background.close();
        writing.lock();
        try (storage) {
            owned.ifPresent(ExecutorService::shutdown);
        } finally {
            writing.unlock();
        }
    }

    @Override
    public String toString() {
        return "VectorIndex[" + space.dimension() + " dimensions, " + space.similarity() + ", " + current + "]";
    }

    /** What one call wants to change, and what came of it. */
    private static final class Change {

        private final List<String> removed;
        private final List<VectorItem> items;
        /** Ids to be spared, since they were written after the removed ones were looked for. */
        private final Optional<Set<String>> since;
        /** Set by the thread that commits. */
        private @Nullable VectorChange done;

        Change(List<String> removed, List<VectorItem> items, Optional<Set<String>> since) {
            this.removed = removed;
            this.items = items;
            this.since = since;
        }
    }

    private VectorChange write(Change change) {
        requireOpen();
        if (change.removed.isEmpty() && change.items.isEmpty()) {
            return new VectorChange(current.id(), List.of(), List.of());
        }
        if (!change.items.isEmpty()) {
            background.awaitWhile(
                    () -> current.waiting() > mostWaiting,
                    "Adding to a vector index was interrupted while it waited for graphs to be built;"
                            + " nothing is changed, add again",
                    longestWait);
        }
        commits.write(change);
        VectorChange done = Objects.requireNonNull(change.done, "committed");
        if (workCame.getAndSet(false)) {
            background.request();
        }
        if (!done.put().isEmpty() || !done.removed().isEmpty()) {
            tell(done);
        }
        return done;
    }

    /** Logs and applies what threads want to change, all or nothing; one thread at a time comes here. */
    private void commit(List<Change> group) {
        writing.lock();
        try {
            requireWritable();
            List<WriteBatch> batches = batches(group);
            if (batches.isEmpty()) {
                return;
            }
            storage.log(batches);
            int work = pendingWork();
            try {
                for (WriteBatch batch : batches) {
                    state.apply(batch);
                    rewritten.forEach(ids -> batch.upserts().forEach(item -> ids.add(item.id())));
                }
                current = snapshotOf(state);
            } catch (RuntimeException | Error e) {
                // What is logged cannot be taken back, and what is in memory is half of it.
                broken = e;
                throw e;
            }
            if (pendingWork() > work) {
                workCame.set(true);
            }
        } finally {
            writing.unlock();
        }
    }

    private List<WriteBatch> batches(List<Change> group) {
        List<WriteBatch> batches = new ArrayList<>();
        Map<String, Boolean> present = new HashMap<>();
        Set<String> put = new HashSet<>();
        long version = state.version();
        for (Change change : group) {
            Set<String> since = change.since.orElse(Set.of());
            boolean looked = change.since.isPresent();
            List<String> removed = change.removed.stream()
                    .distinct()
                    .filter(id -> !since.contains(id) && !(looked && put.contains(id)))
                    .filter(id -> present.computeIfAbsent(id, state::contains))
                    .toList();
            List<String> ids = change.items.stream().map(VectorItem::id).toList();
            removed.forEach(id -> present.put(id, false));
            ids.forEach(id -> present.put(id, true));
            put.addAll(ids);
            if (!removed.isEmpty() || !ids.isEmpty()) {
                version++;
                batches.add(new WriteBatch(version, removed, change.items));
            }
            change.done = new VectorChange(version, ids, removed);
        }
        return batches;
    }

    private void tell(VectorChange change) {
        for (Consumer<? super VectorChange> listener : listeners) {
            try {
                listener.accept(change);
            } catch (RuntimeException e) {
                log.warn("A listener of a vector index failed; the change is made and the others hear of it", e);
            }
        }
    }

    private VectorSnapshot snapshotOf(IndexState from) {
        return new VectorSnapshot(from.version(), from.segments(), space, clock, width);
    }

    /** Returns how many reasons for maintenance there are; a failed one is tried again when there is one more. */
    private int pendingWork() {
        int worn = (int) state.sealed().stream().filter(policy::isWorn).count();
        return state.frozen().size() + worn + (state.logCanBeCut() ? 1 : 0);
    }

    /** Seals what is frozen and merges what is due, until all is well. */
    private void maintain() {
        boolean more = true;
        while (more && background.wanted()) {
            more = maintainOnce();
        }
    }

    /** What is to become one segment, and the number it gets. */
    private record Plan(List<LiveSegment> sources, long number) {}

    private Optional<Plan> plan() {
        writing.lock();
        try {
            if (compacting) {
                state.freeze();
            }
            List<LiveSegment> frozen = new ArrayList<>();
            state.frozen().forEach(waiting -> state.find(waiting.content()).ifPresent(frozen::add));
            List<LiveSegment> sources =
                    compacting ? policy.all(state.sealed(), frozen) : policy.due(state.sealed(), frozen);
            compacting = false;
            if (sources.isEmpty() && !state.logCanBeCut()) {
                return Optional.empty();
            }
            return Optional.of(new Plan(sources, state.takeNumber()));
        } finally {
            writing.unlock();
        }
    }

    private boolean maintainOnce() {
        Optional<Plan> planned = plan();
        if (planned.isEmpty()) {
            return false;
        }
        Plan plan = planned.get();
        if (plan.sources().stream().allMatch(segment -> segment.size() == 0)) {
            publish(plan, Optional.empty(), Optional.empty());
            return true;
        }
        Optional<SegmentMerge> merge = maker.merge(plan.sources(), background::wanted);
        if (merge.isEmpty()) {
            if (background.wanted()) {
                throw new LifecycleException(
                        "Building a graph over " + plan.sources().size()
                                + " segments ended early, since a thread that helped died; see what it died of");
            }
            return false;
        }
        SegmentContent sealed = storage.seal(plan.number(), merge.get().segment());
        publish(plan, merge, Optional.of(sealed));
        return true;
    }

    /** Puts a new segment in the place of its sources, unless they went meanwhile. */
    private void publish(Plan plan, Optional<SegmentMerge> merge, Optional<SegmentContent> sealed) {
        writing.lock();
        try {
            if (closed) {
                return;
            }
            List<LiveSegment> now = new ArrayList<>();
            for (LiveSegment source : plan.sources()) {
                state.find(source.content()).ifPresent(now::add);
            }
            if (now.size() < plan.sources().size()) {
                return;
            }
            Optional<LiveSegment> come = merge.flatMap(
                    merged -> sealed.map(content -> state.sealed(plan.number(), content, merged.deletedSince(now))));
            Manifest manifest = state.manifestAfter(now, come);
            storage.publish(manifest);
            state.replace(now, come, manifest);
            current = snapshotOf(state);
        } finally {
            writing.unlock();
        }
        background.progressed();
    }

    private VectorSnapshot current() {
        requireOpen();
        return current;
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the vector index is closed; build a new one");
        }
    }

    private void requireWritable() {
        requireOpen();
        if (readOnly) {
            throw new IllegalStateException(
                    "the vector index was opened for reading; open it without readOnly() to change it");
        }
        if (broken != null) {
            throw new IllegalStateException(
                    "the vector index stopped halfway in a change; close it and open it again", broken);
        }
    }

    /**
     * Builds a vector index.
     *
     * <p>Not thread-safe.
     *
     * @since 0.1
     */
    public static final class Builder {

        private final int dimension;
        private VectorSimilarity similarity = VectorSimilarity.COSINE;
        private Optional<Path> directory = Optional.empty();
        private boolean readOnly;
        private boolean upToDamage;
        private Optional<Duration> forceAfter = Optional.of(Duration.ZERO);
        private int exactLimit = 6_400;
        private Optional<Integer> mostWaiting = Optional.empty();
        private Duration longestWait = Duration.ofSeconds(5);
        private int links = 16;
        private int buildWidth = 200;
        private int width = 100;
        private int probeEvery;
        private Optional<Executor> executor = Optional.empty();
        private Clock clock = Clock.systemUTC();
        private Disk disk = Disk.local();

        private Builder(int dimension) {
            if (dimension < 1) {
                throw new IllegalArgumentException("a vector index of dimension " + dimension
                        + " cannot be built; give the dimension of the embedding model");
            }
            this.dimension = dimension;
        }

        /**
         * Sets what counts as near.
         *
         * @param similarity default {@link VectorSimilarity#COSINE}; of a directory always the same
         * @return this builder
         */
        public Builder similarity(VectorSimilarity similarity) {
            this.similarity = Objects.requireNonNull(similarity, "similarity");
            return this;
        }

        /**
         * Keeps the index in a directory, which one index at a time writes to.
         *
         * @param directory default none: in memory; created when it is missing
         * @return this builder
         */
        public Builder directory(Path directory) {
            this.directory = Optional.of(directory);
            return this;
        }

        /**
         * Opens the directory for reading only, also while another process writes to it.
         *
         * @return this builder
         */
        public Builder readOnly() {
            this.readOnly = true;
            return this;
        }

        /**
         * Opens the directory for reading only, and shows the state before a change that is damaged in its log instead
         * of refusing; {@link VectorIndex#damage} names it.
         *
         * @return this builder
         */
        public Builder readOnlyUpToDamage() {
            this.readOnly = true;
            this.upToDamage = true;
            return this;
        }

        /**
         * Lets changes be acknowledged before they are forced to the disk: faster, and a power failure can take the
         * last ones.
         *
         * @param interval how often they are forced; default {@link Duration#ZERO}: each before its call returns
         * @return this builder
         */
        public Builder forceAfter(Duration interval) {
            if (interval.isNegative()) {
                throw new IllegalArgumentException(
                        "changes cannot be forced to the disk after " + interval + "; give zero or more");
            }
            this.forceAfter = Optional.of(interval);
            return this;
        }

        /**
         * Leaves it to the operating system when changes are forced to the disk; {@link #close} forces them.
         *
         * @return this builder
         */
        public Builder neverForce() {
            this.forceAfter = Optional.empty();
            return this;
        }

        /**
         * Sets how many entries are compared one by one before a graph is built.
         *
         * @param rows default 6,400, about where a graph begins to be faster with the default width, whatever the
         *     dimension
         * @return this builder
         */
        public Builder exactLimit(int rows) {
            requirePositive(rows, "the exact limit");
            this.exactLimit = rows;
            return this;
        }

        /**
         * Sets about how many entries may wait for a graph before adding waits too, while graphs are built.
         *
         * <p>A search compares those that wait one by one, so this bounds what searching takes while entries come
         * faster than graphs are built. Removing never waits, and adding does not while no background work runs: with
         * an executor that is busy with other things, or after a failure, more entries can come to wait.
         *
         * @param rows default the {@linkplain #exactLimit exact limit}; more lets a load be taken faster, and searches
         *     take longer meanwhile
         * @return this builder
         */
        public Builder mostWaiting(int rows) {
            requirePositive(rows, "the number of entries that may wait for a graph");
            this.mostWaiting = Optional.of(rows);
            return this;
        }

        /**
         * Sets how long one call to add waits for graphs at most; then it adds all the same, as a large merge can take
         * minutes.
         *
         * @param longest default 5 seconds; {@link Duration#ZERO} never waits
         * @return this builder
         */
        public Builder longestWait(Duration longest) {
            if (longest.isNegative()) {
                throw new IllegalArgumentException("adding cannot wait " + longest + " for graphs; give zero or more");
            }
            this.longestWait = longest;
            return this;
        }

        /**
         * Sets what graphs are like (M and efConstruction of HNSW).
         *
         * @param links default 16: neighbours of an entry, twice as many on the lowest level; at least 2
         * @param buildWidth default 200: near entries kept in sight while one is put in
         * @return this builder
         */
        public Builder graph(int links, int buildWidth) {
            if (links < 2) {
                throw new IllegalArgumentException(
                        "a graph of " + links + " links an entry cannot be built; give at least 2");
            }
            requirePositive(buildWidth, "the width in building a graph");
            this.links = links;
            this.buildWidth = buildWidth;
            return this;
        }

        /**
         * Sets how many near entries a search in a graph keeps in sight (efSearch) when its query says nothing else.
         *
         * @param width default 100; see {@link VectorIndex#tune}
         * @return this builder
         */
        public Builder width(int width) {
            requirePositive(width, "the width of searches");
            this.width = width;
            return this;
        }

        /**
         * Compares some of the answers with exact ones in the background, for {@link VectorIndex#probedRecall}.
         *
         * @param answers how many answers there are to one that is compared; default none is
         * @return this builder
         */
        public Builder probeEvery(int answers) {
            requirePositive(answers, "the answers to one that is compared");
            this.probeEvery = answers;
            return this;
        }

        /**
         * Sets who builds graphs and writes segments.
         *
         * @param executor default threads of the index's own, which end with it; one of the host's is never shut down
         * @return this builder
         */
        public Builder executor(Executor executor) {
            this.executor = Optional.of(executor);
            return this;
        }

        /**
         * Sets the clock that deadlines are compared with.
         *
         * @param clock default the system's, UTC
         * @return this builder
         */
        public Builder clock(Clock clock) {
            this.clock = Objects.requireNonNull(clock, "clock");
            return this;
        }

        /** Sets what files are written to; for tests. */
        Builder disk(Disk place) {
            this.disk = place;
            return this;
        }

        /**
         * Opens the index; in a directory, with all that was acknowledged.
         *
         * @return the index, which is to be closed
         * @throws LifecycleException when another writes to the directory, or it cannot be read
         * @throws DamagedDataException when a file is damaged
         */
        public VectorIndex build() {
            if (readOnly && directory.isEmpty()) {
                throw new IllegalStateException(
                        "a vector index in memory cannot be opened for reading only; name its directory");
            }
            return new VectorIndex(this);
        }

        private VectorStorage storage(MetadataIndexing indexing) {
            if (directory.isEmpty()) {
                return new NoStorage();
            }
            DirectoryStorage.Builder storage = DirectoryStorage.builder(
                            directory.get(), dimension, similarity.name(), indexing)
                    .forceAfter(forceAfter)
                    .disk(disk);
            if (upToDamage) {
                storage.upToDamage();
            }
            return readOnly ? storage.reader() : storage.writer();
        }

        private static void requirePositive(int value, String what) {
            if (value < 1) {
                throw new IllegalArgumentException(what + " is " + value + "; give at least 1");
            }
        }
    }
}
