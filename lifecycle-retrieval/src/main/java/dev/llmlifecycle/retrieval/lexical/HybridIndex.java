package dev.llmlifecycle.retrieval.lexical;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.stream.Stream;

import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.store.embedding.filter.Filter;
import dev.llmlifecycle.api.DamagedDataException;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.retrieval.Retriever;
import dev.llmlifecycle.retrieval.vector.VectorChange;
import dev.llmlifecycle.retrieval.vector.VectorEntry;
import dev.llmlifecycle.retrieval.vector.VectorIndex;
import dev.llmlifecycle.retrieval.vector.VectorQuery;
import dev.llmlifecycle.retrieval.vector.VectorSearchResult;
import dev.llmlifecycle.retrieval.vector.VectorSnapshot;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Texts that are found by their vectors and by their words, both sides kept in step.
 *
 * <pre>{@code
 * try (HybridIndex index = HybridIndex.builder(384).directory(path).build()) {
 *     index.add(VectorEntry.of("refunds-1", vector, TextSegment.from("Refunds take five days.")));
 *     HybridSearchResult result =
 *             index.search(VectorQuery.of(questionVector, 5), LexicalQuery.of("How long does a refund take?", 5));
 * }
 * }</pre>
 *
 * <p>A change is one: there for every search that begins after the call returned, whole and on both sides, or not at
 * all. The vector index is the truth, and its log is where a change is committed; the words follow before anyone sees
 * it. In a directory, words that are behind after a crash, are damaged, or were analysed for another language are
 * brought into step from the vectors' texts when the index is opened.
 *
 * <p>Needs Lucene on the class path, as {@link LexicalIndex} does.
 *
 * <p>Thread-safe: searches never wait, changes wait for each other.
 *
 * @since 0.1
 */
public final class HybridIndex implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(HybridIndex.class);

    /** Entries that are compared or written at once when words are brought into step. */
    private static final int AT_ONCE = 1_000;

    private final VectorIndex vectors;
    private final LuceneStore words;
    private final LexicalOptions options;
    private final int dimension;
    private final int committedAfter;
    private final boolean readOnly;
    private final Clock clock;
    private final ReentrantLock writing = new ReentrantLock();
    private final List<VectorChange> untold = new ArrayList<>();
    private final List<Consumer<? super VectorChange>> listeners = new CopyOnWriteArrayList<>();

    private volatile HybridState current;
    private volatile boolean closed;
    private int uncommitted;
    private @Nullable Throwable broken;

    private HybridIndex(Builder builder, VectorIndex vectors, LuceneStore words) {
        this.options = builder.words.options();
        this.dimension = builder.dimension;
        this.committedAfter = builder.committedAfter;
        this.readOnly = builder.readOnly;
        this.clock = builder.clock;
        this.vectors = vectors;
        this.words = words;
        VectorSnapshot truth = vectors.snapshot();
        if (!words.committedMark().equals(mark(truth)) || words.read(LexicalState::size) != truth.size()) {
            catchUp(truth);
        }
        this.current = new HybridState(truth, words.acquire());
        vectors.addListener(untold::add);
    }

    private static String mark(VectorSnapshot vectors) {
        return Long.toString(vectors.id());
    }

    /** Makes the words those of the vectors' texts; what is the same already is not written again. */
    private void catchUp(VectorSnapshot truth) {
        log.debug("Bringing the words of {} entries into step with their vectors", truth.size());
        List<LexicalEntry> some = new ArrayList<>();
        try (Stream<VectorEntry> entries = truth.entries()) {
            entries.map(HybridIndex::worded).forEach(entry -> {
                some.add(entry);
                if (some.size() == AT_ONCE) {
                    words.put(some);
                    some.clear();
                }
            });
        }
        words.put(some);
        if (words.read(LexicalState::size) > truth.size()) {
            List<String> gone = words.read(LexicalState::ids).stream()
                    .filter(id -> truth.get(id).isEmpty())
                    .toList();
            words.remove(gone);
        }
        words.commit(mark(truth));
    }

    private static LexicalEntry worded(VectorEntry entry) {
        String text = entry.text()
                .orElseThrow(
                        () -> new IllegalArgumentException(
                                "the entry '" + entry.id()
                                        + "' has no text, so that it has no words; give it one, or use a VectorIndex for vectors alone"));
        return new LexicalEntry(entry.id(), TextSegment.from(text, entry.metadata()));
    }

    /**
     * Starts an index.
     *
     * @param dimension how many numbers each vector has, at least 1
     * @return a builder
     * @throws LifecycleException when Lucene is not on the class path
     */
    public static Builder builder(int dimension) {
        return new Builder(dimension, LexicalIndex.builder());
    }

    /**
     * Adds an entry, in the place of an older one with its id.
     *
     * @param entry the entry, which has a text
     * @throws IllegalArgumentException when it has no text or its vector does not fit the index
     * @throws LifecycleException when it cannot be written
     */
    public void add(VectorEntry entry) {
        addAll(List.of(entry));
    }

    /**
     * Adds entries, all or none, each in the place of an older one with its id.
     *
     * @param entries the entries, which have texts, each id once; without any, nothing happens
     * @throws IllegalArgumentException when one has no text, an id is there twice or a vector does not fit the index
     * @throws LifecycleException when they cannot be written; then searches see none of them, and an index whose
     *     message says so has to be opened again, with all or none of them
     */
    public void addAll(Collection<VectorEntry> entries) {
        List<LexicalEntry> worded = entries.stream().map(HybridIndex::worded).toList();
        change(() -> {
            vectors.addAll(entries);
            return new Step(() -> words.put(worded), worded.size());
        });
    }

    /**
     * Removes entries; ids that are not there are passed over.
     *
     * @param ids whose entries go, all or none
     * @return how many entries were there
     * @throws LifecycleException when it cannot be written, as for {@link #addAll}
     */
    public int remove(Collection<String> ids) {
        return change(() -> removal(ids));
    }

    private Step removal(Collection<String> ids) {
        int removed = vectors.remove(ids);
        return new Step(() -> words.remove(ids), removed);
    }

    /**
     * Removes the entries that match when this is called; one whose text or metadata is changed meanwhile stays.
     *
     * @param filter what to remove, by metadata
     * @return how many entries went
     * @throws LifecycleException when it cannot be written, as for {@link #addAll}
     */
    public int remove(Filter filter) {
        Objects.requireNonNull(filter, "filter");
        // The filter can be the host's own code: no lock is held.
        Map<String, ContentHash> seen = read(state -> state.words().hashes(filter));
        return change(() -> {
            Map<String, ContentHash> now = words.read(state -> state.hashes(seen.keySet()));
            return removal(now.keySet().stream()
                    .filter(id -> Objects.equals(now.get(id), seen.get(id)))
                    .toList());
        });
    }

    /**
     * Removes all entries.
     *
     * @return how many there were
     * @throws LifecycleException when it cannot be written, as for {@link #addAll}
     */
    public int removeAll() {
        return change(() -> {
            int removed = vectors.removeAll();
            return new Step(words::removeAll, removed);
        });
    }

    /** What the words have to do when the vectors are changed, and for how many entries. */
    private record Step(Runnable words, int entries) {}

    @FunctionalInterface
    private interface VectorStep {

        Step take();
    }

    private int change(VectorStep first) {
        List<VectorChange> made;
        int entries;
        writing.lock();
        try {
            requireWritable();
            Step step = first.take();
            entries = step.entries();
            follow(step);
            made = List.copyOf(untold);
            untold.clear();
        } finally {
            writing.unlock();
        }
        made.forEach(this::tell);
        return entries;
    }

    /** Lets the words follow, then lets both be seen. */
    private void follow(Step step) {
        try {
            step.words().run();
            show(vectors.snapshot());
            uncommitted += step.entries();
            if (uncommitted >= committedAfter) {
                commit();
            }
        } catch (IOException | RuntimeException e) {
            broken = e;
            throw new LifecycleException(
                    "Changing the words of a hybrid index failed after its vectors were changed; searches see the state"
                            + " before; close it and open it again, which brings both into step",
                    e);
        } catch (Error e) {
            broken = e;
            throw e;
        }
    }

    private void show(VectorSnapshot latest) throws IOException {
        HybridState before = current;
        current = new HybridState(latest, words.acquire());
        before.words().release();
    }

    private void commit() {
        words.commit(mark(vectors.snapshot()));
        uncommitted = 0;
    }

    private void tell(VectorChange change) {
        for (Consumer<? super VectorChange> listener : listeners) {
            try {
                listener.accept(change);
            } catch (RuntimeException e) {
                log.warn("A listener of a hybrid index failed; the change is made and the others hear of it", e);
            }
        }
    }

    /**
     * Adds a listener that hears of every change after it can be seen on both sides.
     *
     * <p>It is called by the thread that made the change, outside locks; of changes that threads make at once it can
     * hear out of order, and their snapshot ids tell the order. What it throws is logged.
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
     * Returns an entry.
     *
     * @param id its id
     * @return the entry, if there is one
     */
    public Optional<VectorEntry> get(String id) {
        return read(state -> state.vectors().get(id));
    }

    /**
     * Returns how many entries there are.
     *
     * @return the number of entries
     */
    public int size() {
        return read(state -> state.vectors().size());
    }

    /**
     * Names the latest state.
     *
     * @return a name that changes with every change
     */
    public String snapshotId() {
        return read(HybridState::id);
    }

    /**
     * Finds the nearest entries in the latest state.
     *
     * @param query what to be near to
     * @return the entries, nearest first
     * @throws IllegalArgumentException when the query's vector does not fit the index
     * @throws LifecycleException when the query's deadline passes
     */
    public VectorSearchResult search(VectorQuery query) {
        return read(state -> state.vectors().search(query));
    }

    /**
     * Finds the entries that have the words of a question, in the latest state.
     *
     * @param query what to look for
     * @return the entries, best first
     * @throws LifecycleException when the query's deadline passes or the words cannot be read
     */
    public LexicalSearchResult search(LexicalQuery query) {
        return read(state -> state.search(query));
    }

    /**
     * Searches both sides in one state.
     *
     * @param vectorQuery what to be near to
     * @param lexicalQuery which words to look for
     * @return what was found on either side
     * @throws IllegalArgumentException when the query's vector does not fit the index
     * @throws LifecycleException when a deadline passes or the words cannot be read
     */
    public HybridSearchResult search(VectorQuery vectorQuery, LexicalQuery lexicalQuery) {
        return read(state ->
                new HybridSearchResult(state.vectors().search(vectorQuery), state.search(lexicalQuery), state.id()));
    }

    /**
     * Returns a retriever by vectors. It knows no tenants.
     *
     * @param model makes vectors of questions; the one that made those of the entries
     * @param modelIdentity names the model
     * @param maxPassages how many passages it returns at most
     * @return the retriever, which works until the index is closed
     */
    public Retriever vectorRetriever(EmbeddingModel model, Identity modelIdentity, int maxPassages) {
        return new VectorRetriever(this, model, modelIdentity, options.corpusId(), maxPassages);
    }

    /**
     * Returns a retriever by words. It knows no tenants.
     *
     * @param maxPassages how many passages it returns at most
     * @return the retriever, which works until the index is closed
     */
    public Retriever lexicalRetriever(int maxPassages) {
        return new LexicalRetriever(this::search, this::snapshotId, options, maxPassages);
    }

    /**
     * Waits until the vectors' graphs are built, as {@link VectorIndex#awaitBackground} does.
     *
     * @throws LifecycleException when that failed since it was last asked; nothing is lost
     */
    public void awaitBackground() {
        vectors.awaitBackground();
    }

    /**
     * Shows what another process has written since this index was opened for reading or last refreshed. Every text is
     * compared, as when it was opened.
     *
     * @return whether there was something new
     * @throws IllegalStateException when the index was not opened by {@link Builder#readOnly}
     * @throws LifecycleException when the directory cannot be read
     */
    public boolean refresh() {
        writing.lock();
        try {
            requireOpen();
            if (!readOnly) {
                throw new IllegalStateException(
                        "a hybrid index that is written to is always fresh; refresh is for those"
                                + " opened with readOnly()");
            }
            vectors.refresh();
            VectorSnapshot latest = vectors.snapshot();
            if (latest.id() == current.vectors().id()) {
                return false;
            }
            catchUp(latest);
            show(latest);
            return true;
        } catch (IOException e) {
            throw words.unreadable(e);
        } finally {
            writing.unlock();
        }
    }

    int dimension() {
        return dimension;
    }

    Clock clock() {
        return clock;
    }

    /** Reads a state of both sides. */
    @FunctionalInterface
    interface Reading<T> {

        T read(HybridState state) throws IOException;
    }

    <T> T read(Reading<T> reading) {
        HybridState state = acquire();
        try {
            try {
                return reading.read(state.withSegmentsOf(vectors.snapshot()));
            } finally {
                state.words().release();
            }
        } catch (IOException e) {
            throw words.unreadable(e);
        }
    }

    private HybridState acquire() {
        while (true) {
            requireOpen();
            HybridState state = current;
            if (state.words().acquire()) {
                return state;
            }
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the hybrid index is closed; build a new one");
        }
    }

    private void requireWritable() {
        requireOpen();
        if (readOnly) {
            throw new IllegalStateException(
                    "the hybrid index was opened for reading; open it without readOnly() to change it");
        }
        if (broken != null) {
            throw new IllegalStateException(
                    "the hybrid index stopped halfway in a change; close it and open it again", broken);
        }
    }

    /**
     * Frees files and threads. What was acknowledged is in the directory; closing only spares the next opening the
     * comparison of words with vectors. May be called twice.
     */
    @Override
    public void close() {
        writing.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            try (vectors;
                    words) {
                if (broken == null && uncommitted > 0) {
                    commit();
                }
                current.words().release();
            }
        } catch (IOException e) {
            throw words.unreadable(e);
        } finally {
            writing.unlock();
        }
    }

    @Override
    public String toString() {
        return "HybridIndex[" + vectors + ", " + options.description() + "]";
    }

    /**
     * Builds a hybrid index.
     *
     * <p>Not thread-safe.
     *
     * @since 0.1
     */
    public static final class Builder {

        private static final String VECTORS = "vectors";
        private static final String WORDS = "words";

        private final int dimension;
        private final VectorIndex.Builder vectors;
        private final LexicalIndex.Builder words;
        private Optional<Path> directory = Optional.empty();
        private boolean readOnly;
        private Clock clock = Clock.systemUTC();

        /** Changed entries after which words are committed, so that fewer have to be written after a crash. */
        private int committedAfter = 10_000;

        private Builder(int dimension, LexicalIndex.Builder words) {
            this.dimension = dimension;
            this.vectors = VectorIndex.builder(dimension);
            this.words = words;
        }

        /**
         * Sets what the vector side is like, such as its similarity or graphs.
         *
         * @param settings is given the builder of the vector index; its directory and clock are those of this builder
         * @return this builder
         */
        public Builder vectors(Consumer<? super VectorIndex.Builder> settings) {
            settings.accept(vectors);
            return this;
        }

        /**
         * Sets what the lexical side is like, such as its language.
         *
         * @param settings is given the builder of the lexical index; its directory and clock are those of this builder
         * @return this builder
         */
        public Builder words(Consumer<? super LexicalIndex.Builder> settings) {
            settings.accept(words);
            return this;
        }

        /**
         * Names the corpus, for retrievers.
         *
         * @param corpusId a name that stays when the content changes; default {@code "default"}
         * @return this builder
         */
        public Builder corpusId(String corpusId) {
            words.corpusId(corpusId);
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
         * Opens the directory for reading only, also while another process writes to it. The vectors are read from the
         * directory; the words are made from their texts, in memory.
         *
         * @return this builder
         */
        public Builder readOnly() {
            this.readOnly = true;
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

        /** Sets after how many changed entries words are committed; for tests. */
        Builder committedAfter(int entries) {
            this.committedAfter = entries;
            return this;
        }

        /**
         * Opens the index; in a directory, with all that was acknowledged, and with words in step with the vectors.
         *
         * @return the index, which is to be closed
         * @throws LifecycleException when another writes to the directory, or it cannot be read or written
         * @throws DamagedDataException when a file of the vectors is damaged
         */
        public HybridIndex build() {
            vectors.clock(clock);
            directory.ifPresent(path -> vectors.directory(path.resolve(VECTORS)));
            if (readOnly) {
                vectors.readOnly();
            }
            VectorIndex opened = vectors.build();
            try {
                // Who writes has the lock of the vectors, so nobody else has the words.
                LuceneStore store = openWords();
                try {
                    return new HybridIndex(this, opened, store);
                } catch (RuntimeException | Error e) {
                    try (store) {
                        throw e;
                    }
                }
            } catch (RuntimeException | Error e) {
                try (opened) {
                    throw e;
                }
            }
        }

        private LuceneStore openWords() {
            Optional<Path> path = directory.filter(any -> !readOnly).map(parent -> parent.resolve(WORDS));
            try {
                return open(path);
            } catch (DamagedDataException | OtherAnalysisException e) {
                log.warn("The words of a hybrid index cannot be used; they are made anew from the vectors' texts", e);
                path.ifPresent(Builder::empty);
                return open(path);
            }
        }

        private LuceneStore open(Optional<Path> path) {
            LexicalOptions options = words.options();
            return LuceneStore.open(
                    new LuceneStore.Settings(path, false, false, options.analysis(), options.scoring(), clock));
        }

        private static void empty(Path directory) {
            try (Stream<Path> files = Files.list(directory)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            } catch (IOException e) {
                throw new LifecycleException(
                        "Removing the words in " + directory + " failed; check that it can be written to", e);
            }
        }
    }
}
