package dev.llmlifecycle.retrieval.lexical;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

import dev.llmlifecycle.api.LifecycleException;
import org.apache.lucene.index.CodecReader;
import org.apache.lucene.index.ConcurrentMergeScheduler;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.store.AlreadyClosedException;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Lucene index and its latest state. Each change is seen whole or not at all.
 *
 * <p>Thread-safe.
 */
final class LuceneStore implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(LuceneStore.class);

    private static final String FORMAT = "1";
    private static final String FORMAT_KEY = "format";
    private static final String ANALYSIS_KEY = "analysis";
    private static final String CONTENT_KEY = "content";
    private static final String MARK_KEY = "mark";

    /**
     * What a store is made of.
     *
     * @param directory where files are kept; nothing for memory
     * @param readOnly whether the directory is only read
     * @param commitsEach whether each change is committed before it is seen; else {@link #commit} does it
     * @param analysis what makes terms
     * @param scoring what makes scores
     * @param clock what deadlines are compared with
     */
    record Settings(
            Optional<Path> directory,
            boolean readOnly,
            boolean commitsEach,
            Analysis analysis,
            LexicalState.Scoring scoring,
            Clock clock) {}

    /** Reads a state. */
    @FunctionalInterface
    interface Reading<T> {

        T read(LexicalState state) throws IOException;
    }

    private final Settings settings;
    private final Directory directory;
    private final Optional<IndexWriter> writer;
    private final String committedMark;
    private final ReentrantLock writing = new ReentrantLock();
    private final Set<IndexReader.CacheKey> intact = ConcurrentHashMap.newKeySet();

    private volatile LexicalState current;
    private volatile boolean closed;
    private @Nullable Throwable broken;

    private LuceneStore(Settings settings, Directory directory, Optional<IndexWriter> writer) throws IOException {
        this.settings = settings;
        this.directory = directory;
        this.writer = writer;
        DirectoryReader reader =
                writer.isPresent() ? DirectoryReader.open(writer.get()) : DirectoryReader.open(directory);
        try {
            Map<String, String> written = reader.getIndexCommit().getUserData();
            requireKnown(written);
            this.committedMark = written.getOrDefault(MARK_KEY, "");
            requireIntact(reader);
            this.current = new LexicalState(
                    reader,
                    content(written),
                    settings.analysis(),
                    settings.scoring(),
                    new SegmentFilters(),
                    settings.clock());
        } catch (IOException | RuntimeException e) {
            try (reader) {
                throw e;
            }
        }
    }

    static LuceneStore open(Settings settings) {
        try {
            Directory directory = settings.directory().isPresent()
                    ? FSDirectory.open(settings.directory().get())
                    : new ByteBuffersDirectory();
            try {
                return settings.readOnly()
                        ? new LuceneStore(settings, directory, Optional.empty())
                        : openForWriting(settings, directory);
            } catch (IOException | RuntimeException e) {
                try (directory) {
                    throw e;
                }
            }
        } catch (IOException e) {
            throw failed("Opening", settings, e);
        }
    }

    private static LuceneStore openForWriting(Settings settings, Directory directory) throws IOException {
        boolean exists = DirectoryReader.indexExists(directory);
        if (!exists) {
            requireNoRemains(directory);
        }
        IndexWriter writer = new IndexWriter(directory, configuration(settings));
        try {
            if (!exists) {
                commit(writer, settings, ContentHash.NOTHING, "");
            }
            return new LuceneStore(settings, directory, Optional.of(writer));
        } catch (IOException | RuntimeException e) {
            writer.rollback();
            throw e;
        }
    }

    private static IndexWriterConfig configuration(Settings settings) {
        return new IndexWriterConfig(settings.analysis().analyzer())
                .setMergeScheduler(new LoggedMerges())
                .setCommitOnClose(false);
    }

    /** The first thing that is written is an empty commit, so that segments without a commit have lost it. */
    private static void requireNoRemains(Directory directory) throws IOException {
        List<String> remains = Stream.of(directory.listAll())
                .filter(file -> file.startsWith("_") || file.startsWith("segments_"))
                .toList();
        if (!remains.isEmpty()) {
            throw LuceneFailures.damaged(
                    directory + ", segments_N",
                    "the file that names the segments is missing but " + remains + " are there",
                    null);
        }
    }

    private void requireKnown(Map<String, String> written) {
        String format = written.get(FORMAT_KEY);
        if (!FORMAT.equals(format)) {
            throw new LifecycleException(doing("Opening", settings)
                    + " found " + (format == null ? "an index of another program" : "format " + format)
                    + " but this version reads format " + FORMAT + "; use another directory");
        }
        String analysis = String.valueOf(written.get(ANALYSIS_KEY));
        if (!analysis.equals(settings.analysis().description())) {
            throw new OtherAnalysisException(
                    doing("Opening", settings) + " found texts that were analysed with '" + analysis
                            + "' but '" + settings.analysis().description()
                            + "' was asked for; open it with the language it was made with, or index the texts anew");
        }
    }

    private static ContentHash content(Map<String, String> written) {
        return ContentHash.ofHex(Objects.requireNonNull(written.get(CONTENT_KEY), CONTENT_KEY));
    }

    /** Reads every byte of the segments that were not read before, and compares it with its checksum. */
    private void requireIntact(DirectoryReader reader) throws IOException {
        for (LeafReaderContext context : reader.leaves()) {
            IndexReader.CacheHelper segment = context.reader().getCoreCacheHelper();
            if (context.reader() instanceof CodecReader leaf && !intact.contains(segment.getKey())) {
                leaf.checkIntegrity();
                if (intact.add(segment.getKey())) {
                    segment.addClosedListener(intact::remove);
                }
            }
        }
    }

    /** Returns what the last commit that was found when opening was marked with, empty when with nothing. */
    String committedMark() {
        return committedMark;
    }

    /** Reads the latest state. */
    <T> T read(Reading<T> reading) {
        LexicalState state = acquire();
        try {
            try {
                return reading.read(state);
            } finally {
                state.release();
            }
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** Returns the latest state, which the caller has to release. */
    LexicalState acquire() {
        while (true) {
            requireOpen();
            LexicalState state = current;
            if (state.acquire()) {
                return state;
            }
        }
    }

    /** Puts entries in the place of those with their ids. */
    void put(Collection<LexicalEntry> entries) {
        change((state, into) -> {
            Map<String, ContentHash> known =
                    state.hashes(entries.stream().map(LexicalEntry::id).toList());
            ContentHash content = state.content();
            for (LexicalEntry entry : entries) {
                ContentHash hash = ContentHash.of(entry);
                ContentHash before = known.get(entry.id());
                if (before == null) {
                    into.addDocument(state.document(entry, hash));
                } else if (before.equals(hash)) {
                    continue;
                } else {
                    into.updateDocument(StoredEntry.term(entry.id()), state.document(entry, hash));
                    content = content.minus(before);
                }
                content = content.plus(hash);
            }
            return new Changed(content, entries.size());
        });
    }

    /** Removes entries and returns how many were there. */
    int remove(Collection<String> ids) {
        return change((state, from) -> remove(state.hashes(ids), state.content(), from));
    }

    /** Removes the entries that still are as they were seen, and returns how many. */
    int removeUnchanged(Map<String, ContentHash> seen) {
        return change((state, from) -> {
            Map<String, ContentHash> known = state.hashes(seen.keySet());
            known.entrySet().removeIf(entry -> !entry.getValue().equals(seen.get(entry.getKey())));
            return remove(known, state.content(), from);
        });
    }

    private static Changed remove(Map<String, ContentHash> known, ContentHash content, IndexWriter from)
            throws IOException {
        ContentHash left = content;
        for (Map.Entry<String, ContentHash> entry : known.entrySet()) {
            from.deleteDocuments(StoredEntry.term(entry.getKey()));
            left = left.minus(entry.getValue());
        }
        return new Changed(left, known.size());
    }

    /** Removes all entries and returns how many there were. */
    int removeAll() {
        return change((state, from) -> {
            from.deleteAll();
            return new Changed(ContentHash.NOTHING, state.size());
        });
    }

    /**
     * What a change did to what the writer has.
     *
     * @param content the hash of what there is then
     * @param entries how many entries it was about
     */
    private record Changed(ContentHash content, int entries) {}

    @FunctionalInterface
    private interface Changing {

        Changed change(LexicalState state, IndexWriter writer) throws IOException;
    }

    private int change(Changing changing) {
        writing.lock();
        try {
            IndexWriter target = requireWritable();
            try {
                Changed changed = changing.change(current, target);
                if (settings.commitsEach() && target.hasUncommittedChanges()) {
                    commit(target, settings, changed.content(), "");
                }
                publish(DirectoryReader.openIfChanged(current.reader(), target), changed.content());
                return changed.entries();
            } catch (IOException | RuntimeException | Error e) {
                // What the writer has may be half of the change; closing takes it back to the last commit.
                broken = e;
                throw e;
            }
        } catch (AlreadyClosedException e) {
            throw new LifecycleException(
                    doing("Changing", settings)
                            + " failed: Lucene stopped when it could not write; see why, close the index and open it again",
                    e);
        } catch (IOException e) {
            throw failed("Changing", settings, e);
        } finally {
            writing.unlock();
        }
    }

    private void publish(@Nullable DirectoryReader changed, ContentHash content) throws IOException {
        if (changed != null) {
            LexicalState before = current;
            current = before.with(changed, content);
            before.release();
        }
    }

    /** Commits what was changed, with a mark that is found when the store is opened again. */
    void commit(String mark) {
        writing.lock();
        try {
            IndexWriter target = requireWritable();
            try {
                commit(target, settings, current.content(), mark);
            } catch (IOException | RuntimeException | Error e) {
                broken = e;
                throw e;
            }
        } catch (IOException e) {
            throw failed("Committing", settings, e);
        } finally {
            writing.unlock();
        }
    }

    private static void commit(IndexWriter writer, Settings settings, ContentHash content, String mark)
            throws IOException {
        writer.setLiveCommitData(Map.of(
                        FORMAT_KEY,
                        FORMAT,
                        ANALYSIS_KEY,
                        settings.analysis().description(),
                        CONTENT_KEY,
                        content.hex(),
                        MARK_KEY,
                        mark)
                .entrySet());
        writer.commit();
    }

    /** Shows what another process has committed since, and says whether there was something. */
    boolean refresh() {
        writing.lock();
        try {
            requireOpen();
            if (writer.isPresent()) {
                throw new IllegalStateException("a lexical index that is written to is always fresh; refresh is for"
                        + " those opened with readOnly()");
            }
            DirectoryReader changed = DirectoryReader.openIfChanged(current.reader());
            if (changed == null) {
                return false;
            }
            try {
                requireIntact(changed);
            } catch (IOException | RuntimeException e) {
                try (changed) {
                    throw e;
                }
            }
            String before = current.id();
            publish(changed, content(changed.getIndexCommit().getUserData()));
            return !before.equals(current.id());
        } catch (IOException e) {
            throw failed("Refreshing", settings, e);
        } finally {
            writing.unlock();
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the lexical index is closed; build a new one");
        }
    }

    private IndexWriter requireWritable() {
        requireOpen();
        if (broken != null) {
            throw new IllegalStateException(
                    "the lexical index stopped halfway in a change; close it and open it again", broken);
        }
        return writer.orElseThrow(() -> new IllegalStateException(
                "the lexical index was opened for reading; open it without readOnly() to change it"));
    }

    LifecycleException unreadable(IOException failure) {
        return failed("Reading", settings, failure);
    }

    private static String doing(String what, Settings settings) {
        return what + " the lexical index in "
                + settings.directory().map(Path::toString).orElse("memory");
    }

    private static LifecycleException failed(String what, Settings settings, IOException failure) {
        return LuceneFailures.of(doing(what, settings), settings.directory(), failure);
    }

    /** Gives up what was not committed. */
    @Override
    public void close() {
        writing.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            @Nullable IndexWriter target = writer.orElse(null);
            try (directory) {
                try {
                    current.release();
                } finally {
                    if (target != null) {
                        target.rollback();
                    }
                }
            }
        } catch (IOException e) {
            throw failed("Closing", settings, e);
        } finally {
            writing.unlock();
        }
    }

    /** Merges in threads of Lucene's own, which end with the writer; what fails there is no one's call. */
    private static final class LoggedMerges extends ConcurrentMergeScheduler {

        @Override
        protected void handleMergeException(Throwable failure) {
            log.warn("Merging segments of a lexical index failed; nothing is lost, and it is tried again", failure);
        }
    }
}
