package dev.llmlifecycle.retrieval.vector.internal;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

import dev.llmlifecycle.api.DamagedDataException;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.retrieval.vector.internal.BatchLogReader.Mark;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps an index in a directory; {@code docs/reference/vector-index-format.md} describes its files.
 *
 * <p>One storage of one process {@linkplain Builder#writer writes}; any number of {@linkplain Builder#reader readers}
 * beside it see what was there when they last recovered, and may recover again. A write that the disk refuses throws
 * and leaves everything as it was; the next one tries anew. When forcing a log fails, nothing tells what the disk has
 * of it, and a force that succeeds later would not say so either: then all writes are refused until it is opened again.
 *
 * <p>Thread-safe as far as {@link VectorStorage} says; {@link #backup} and {@link #verify} may be called at any time.
 *
 * @since 0.1
 */
public final class DirectoryStorage implements VectorStorage {

    private static final Logger log = LoggerFactory.getLogger(DirectoryStorage.class);

    /** The file that a writer locks. */
    public static final String LOCK_FILE = "vectors.lock";

    private static final int TRIES = 20;

    private final Path directory;
    private final int dimension;
    private final String similarity;
    private final MetadataIndexing indexing;
    private final Disk disk;
    private final StorageFiles files;
    private final boolean writing;
    private final boolean forced;
    private final boolean upToDamage;
    private final Optional<WriterLock> lock;
    private final Optional<ScheduledExecutorService> timer;

    private final ReentrantLock state = new ReentrantLock();
    /** Segments that are open, by number. */
    private final Map<Long, MappedSegment> open = new HashMap<>();
    /** Segments that no manifest has named; the next one does, or they go. */
    private final Set<Long> unpublished = new TreeSet<>();

    private @Nullable StoredManifest stored;
    private List<BatchLogReader> unread = List.of();
    private List<Mark> logs = List.of();
    private @Nullable BatchLog current;
    /** Whether the next batch begins a log. */
    private boolean fresh;

    private Optional<DamagedDataException> damage = Optional.empty();
    private boolean ready;
    private boolean closed;

    private DirectoryStorage(Builder builder, boolean writing) {
        this.directory = builder.directory;
        this.dimension = builder.dimension;
        this.similarity = builder.similarity;
        this.indexing = builder.indexing;
        this.disk = builder.disk;
        this.files = new StorageFiles(directory, disk);
        this.writing = writing;
        this.upToDamage = builder.upToDamage && !writing;
        this.forced = builder.forceAfter.filter(Duration::isZero).isPresent();
        if (writing) {
            try {
                Files.createDirectories(directory);
            } catch (IOException e) {
                throw new LifecycleException(
                        "Creating the directory " + directory + " failed; name a directory in a writable place", e);
            }
        }
        this.lock = writing
                ? Optional.of(WriterLock.acquire(directory.resolve(LOCK_FILE), builder.patience))
                : Optional.empty();
        this.timer =
                writing ? builder.forceAfter.filter(after -> !after.isZero()).map(this::forceEvery) : Optional.empty();
    }

    private ScheduledExecutorService forceEvery(Duration interval) {
        ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "vector-log");
            thread.setDaemon(true);
            return thread;
        });
        Future<?> unused = scheduler.scheduleWithFixedDelay(
                this::forceLog, interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS);
        return scheduler;
    }

    private void forceLog() {
        state.lock();
        try {
            if (current != null && !current.isUncertain()) {
                current.force();
            }
        } catch (IOException e) {
            log.warn(
                    "The log in {} could not be forced to the disk; changes are refused until it is opened again",
                    directory,
                    e);
        } finally {
            state.unlock();
        }
    }

    /**
     * Describes a storage.
     *
     * @param directory where the index is kept
     * @param dimension of its vectors
     * @param similarity a name for how vectors are compared, which must be the one it was made with
     * @param indexing makes and reads metadata indexes
     * @return the builder
     */
    public static Builder builder(Path directory, int dimension, String similarity, MetadataIndexing indexing) {
        return new Builder(directory, dimension, similarity, indexing);
    }

    /** Opens storages; not thread-safe. */
    public static final class Builder {

        private final Path directory;
        private final int dimension;
        private final String similarity;
        private final MetadataIndexing indexing;
        private Optional<Duration> forceAfter = Optional.of(Duration.ZERO);
        private Duration patience = Duration.ZERO;
        private Disk disk = Disk.local();
        private boolean upToDamage;

        private Builder(Path directory, int dimension, String similarity, MetadataIndexing indexing) {
            this.directory = directory;
            this.dimension = dimension;
            this.similarity = similarity;
            this.indexing = indexing;
        }

        /**
         * Says when batches are forced to the disk.
         *
         * @param interval zero (the default) for before they are acknowledged, longer for so often, nothing for when
         *     the system likes
         * @return this
         */
        public Builder forceAfter(Optional<Duration> interval) {
            this.forceAfter = interval;
            return this;
        }

        /**
         * Says how long to wait for another writer; by default not at all.
         *
         * @param duration the longest wait
         * @return this
         */
        public Builder patience(Duration duration) {
            this.patience = duration;
            return this;
        }

        /**
         * Says where to write; by default on the local disk.
         *
         * @param place the disk
         * @return this
         */
        public Builder disk(Disk place) {
            this.disk = place;
            return this;
        }

        /**
         * Lets a reader serve the batches before a damaged one, instead of refusing to open;
         * {@link DirectoryStorage#damage} names it.
         *
         * @return this
         */
        public Builder upToDamage() {
            this.upToDamage = true;
            return this;
        }

        /**
         * Opens the storage for writing.
         *
         * @return a storage that has the lock of the directory
         * @throws LifecycleException when another has it
         */
        public DirectoryStorage writer() {
            return new DirectoryStorage(this, true);
        }

        /**
         * Opens the storage for reading, beside a writer or without one.
         *
         * @return a storage that refuses to write
         */
        public DirectoryStorage reader() {
            return new DirectoryStorage(this, false);
        }
    }

    @Override
    public Recovery recover() {
        state.lock();
        try {
            return writing ? recoverToWrite() : recoverToRead();
        } catch (IOException e) {
            throw new LifecycleException("Opening the index " + directory + " failed; check its permissions", e);
        } finally {
            state.unlock();
        }
    }

    /**
     * Says whether a writer has changed something since this was recovered.
     *
     * @return whether recovering again would show it
     */
    public boolean changed() {
        state.lock();
        try {
            if (StoredManifest.read(directory).generation() != manifest().generation()) {
                return true;
            }
            Mark last = logs.isEmpty() ? null : logs.get(logs.size() - 1);
            if (last != null && Files.size(files.log(last.number())) > last.end()) {
                return true;
            }
            long next =
                    last == null ? manifest().nextLog() : Math.max(manifest().nextLog(), last.number() + 1);
            return Files.exists(files.log(next));
        } catch (NoSuchFileException e) {
            // Only a writer with a newer manifest removes a log.
            return true;
        } catch (IOException e) {
            throw new LifecycleException("Reading the index " + directory + " failed; check its permissions", e);
        } finally {
            state.unlock();
        }
    }

    private Recovery recoverToWrite() throws IOException {
        if (!Files.exists(files.manifest())) {
            begin();
        }
        Recovery recovery = openAll(StoredManifest.read(directory));
        removeLeftOvers();
        return recovery;
    }

    /** Writes the first manifest, before any other file, so that a missing one is a loss and never a new index. */
    private void begin() throws IOException {
        if (!files.segments().isEmpty() || !files.logs().isEmpty()) {
            throw damaged(files.manifest(), "the manifest is missing beside segments or logs", null);
        }
        new StoredManifest(1, dimension, similarity, 0, List.of(), List.of(), 1, 1).write(disk, directory);
    }

    /** Opens what a manifest names; when a writer removes it meanwhile, a newer manifest is there. */
    private Recovery recoverToRead() throws IOException {
        if (!Files.exists(files.manifest())) {
            throw new LifecycleException("Opening " + directory
                    + " failed: there is no vector index; name its directory, or open it for writing to begin one");
        }
        for (int attempt = 1; ; attempt++) {
            StoredManifest manifest = StoredManifest.read(directory);
            try {
                Recovery recovery = openAll(manifest);
                if (StoredManifest.read(directory).generation() == manifest.generation()) {
                    return recovery;
                }
                closeUnread();
            } catch (DamagedDataException e) {
                if (attempt == TRIES || StoredManifest.read(directory).generation() == manifest.generation()) {
                    throw e;
                }
            }
        }
    }

    private Recovery openAll(StoredManifest manifest) throws IOException {
        manifest.requireLayout(directory, dimension, similarity);
        List<SegmentContent> segments = new ArrayList<>();
        for (StoredManifest.Segment segment : manifest.segments()) {
            segments.add(openSegment(segment));
        }
        open.keySet().retainAll(numbers(manifest));
        closeUnread();
        openLogs(manifest);
        stored = manifest;
        return new Recovery(manifest.manifest(), segments, manifest.nextSegment());
    }

    private MappedSegment openSegment(StoredManifest.Segment named) throws IOException {
        long number = named.entry().number();
        Path file = files.segment(number);
        MappedSegment segment = open.get(number);
        if (segment == null) {
            try {
                segment = MappedSegment.open(file, number, indexing);
            } catch (NoSuchFileException e) {
                throw damaged(file, "the file is missing", e);
            }
        }
        if (segment.checksum() != named.checksum()
                || segment.size() != named.entry().deleted().length()
                || segment.dimension() != dimension) {
            throw damaged(file, "it is not the segment that the manifest names", null);
        }
        open.put(number, segment);
        return segment;
    }

    private void openLogs(StoredManifest manifest) throws IOException {
        List<BatchLogReader> opened = new ArrayList<>();
        unread = opened;
        for (Mark mark : manifest.logs()) {
            try {
                opened.add(BatchLogReader.open(files.log(mark.number()), mark, dimension));
            } catch (NoSuchFileException e) {
                throw damaged(files.log(mark.number()), "the file is missing", e);
            }
        }
        for (long number : files.logs().tailSet(manifest.nextLog())) {
            try {
                opened.add(BatchLogReader.open(files.log(number), new Mark(number, 0, 0), dimension));
            } catch (NoSuchFileException e) {
                // Only a writer with a newer manifest removes it.
                throw damaged(files.log(number), "the file is missing", e);
            }
        }
    }

    @Override
    public void replay(Consumer<WriteBatch> batches) {
        List<BatchLogReader> readers;
        long version;
        state.lock();
        try {
            readers = unread;
            version = manifest().version();
        } finally {
            state.unlock();
        }
        Replayed replayed = new Replayed(version, batches);
        List<Mark> marks = new ArrayList<>();
        Optional<DamagedDataException> found = Optional.empty();
        try {
            for (BatchLogReader reader : readers) {
                marks.add(replayed.read(reader, version));
            }
        } catch (DamagedDataException e) {
            if (!upToDamage) {
                throw e;
            }
            found = Optional.of(e);
        } catch (IOException e) {
            throw new LifecycleException("Reading the log in " + directory + " failed; check its permissions", e);
        }
        state.lock();
        try {
            closeUnread();
            logs = marks;
            damage = found;
            ready = true;
        } finally {
            state.unlock();
        }
    }

    /**
     * Returns the damaged batch before which a reader stopped.
     *
     * @return the damage, or nothing when all batches were read
     */
    public Optional<DamagedDataException> damage() {
        state.lock();
        try {
            return damage;
        } finally {
            state.unlock();
        }
    }

    /** Hands batches over and sees that none is missing. */
    private static final class Replayed implements Consumer<WriteBatch> {

        private final Consumer<WriteBatch> batches;
        private long last;
        private @Nullable Path file;
        private boolean torn;

        Replayed(long last, Consumer<WriteBatch> batches) {
            this.last = last;
            this.batches = batches;
        }

        Mark read(BatchLogReader reader, long after) throws IOException {
            if (torn) {
                throw damaged(Objects.requireNonNull(file), "its end is torn though a younger log follows", null);
            }
            file = reader.path();
            Mark mark = reader.read(after, this);
            torn = reader.isTorn(mark);
            return mark;
        }

        @Override
        public void accept(WriteBatch batch) {
            if (batch.version() != last + 1) {
                throw damaged(
                        Objects.requireNonNull(file), "batch " + batch.version() + " follows batch " + last, null);
            }
            last = batch.version();
            batches.accept(batch);
        }
    }

    @Override
    public void log(WriteBatch batch) {
        log(List.of(batch));
    }

    @Override
    public void log(List<WriteBatch> batches) {
        if (batches.isEmpty()) {
            return;
        }
        write(() -> log().append(batches, forced));
    }

    /** Returns the log to append to: the one that the last process left, or after a publication a new one. */
    private BatchLog log() throws IOException {
        if (current == null) {
            Optional<Mark> left = fresh || logs.isEmpty() ? Optional.empty() : Optional.of(logs.get(logs.size() - 1));
            if (left.isPresent() && left.get().end() > 0) {
                current = BatchLog.reopen(disk, files.log(left.get().number()), left.get());
            } else {
                long number = left.map(Mark::number).orElse(manifest().nextLog());
                current = BatchLog.create(disk, files.log(number), number, dimension);
            }
            left.ifPresent(mark -> logs = logs.subList(0, logs.size() - 1));
            fresh = false;
        }
        return current;
    }

    @Override
    public SegmentContent seal(long number, SegmentContent segment) {
        requireWriting();
        Path file = files.segment(number);
        try {
            try (WritableFile out = disk.open(file)) {
                if (out.size() > 0) {
                    out.truncate(0);
                }
                SegmentFile.write(out, number, segment);
            }
            disk.forceDirectory(directory);
            MappedSegment mapped = MappedSegment.open(file, number, indexing);
            state.lock();
            try {
                open.put(number, mapped);
                unpublished.add(number);
            } finally {
                state.unlock();
            }
            return mapped;
        } catch (IOException e) {
            LifecycleException refused = refused(e);
            removeUnsealed(file, refused);
            throw refused;
        } catch (RuntimeException e) {
            removeUnsealed(file, e);
            throw e;
        }
    }

    private void removeUnsealed(Path file, RuntimeException failure) {
        try {
            disk.delete(file);
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    @Override
    public void publish(Manifest manifest) {
        write(() -> {
            if (current != null) {
                current.force();
            }
            List<StoredManifest.Segment> segments = new ArrayList<>();
            for (Manifest.Segment segment : manifest.segments()) {
                MappedSegment sealed = open.get(segment.number());
                if (sealed == null) {
                    throw new IllegalArgumentException(
                            "the manifest names segment " + segment.number() + ", which was not sealed; seal it first");
                }
                segments.add(new StoredManifest.Segment(segment, sealed.checksum()));
            }
            List<Mark> kept = later(marks(), manifest.version());
            StoredManifest old = manifest();
            StoredManifest next = old.next(manifest.version(), segments, kept, marks());
            Set<Long> named = numbers(next);
            next.write(disk, directory);
            stored = next;
            for (Mark mark : marks()) {
                if (!kept.contains(mark)) {
                    files.condemn(files.log(mark.number()));
                }
            }
            closeCurrent();
            logs = kept;
            fresh = true;
            unpublished.addAll(numbers(old));
            unpublished.removeAll(named);
            condemnUnpublished();
            files.removeCondemned();
        });
    }

    private void condemnUnpublished() {
        for (long number : unpublished) {
            open.remove(number);
            files.condemn(files.segment(number));
        }
        unpublished.clear();
    }

    private static Set<Long> numbers(StoredManifest manifest) {
        Set<Long> numbers = new TreeSet<>();
        manifest.segments().forEach(segment -> numbers.add(segment.entry().number()));
        return numbers;
    }

    private List<Mark> marks() {
        List<Mark> marks = new ArrayList<>(logs);
        if (current != null) {
            marks.add(current.mark());
        }
        return marks;
    }

    @Override
    public void flush() {
        write(() -> {
            if (current != null) {
                current.force();
            }
        });
    }

    /**
     * Copies the index as it is now, all acknowledged batches included, while it is written and read.
     *
     * <p>Segments never change and are linked where the file system can, or copied; the log is copied up to its present
     * end; the manifest comes last, so that an interrupted copy is no index.
     *
     * @param target a directory that is missing or empty
     * @throws LifecycleException when it cannot be written or is not empty
     */
    public void backup(Path target) {
        Kept kept = keep();
        try {
            copy(target, kept);
        } catch (IOException e) {
            throw new LifecycleException(
                    "Copying the index " + directory + " to " + target
                            + " failed; check space and permissions there and copy again into an empty directory",
                    e);
        } finally {
            letGo();
        }
    }

    /** Files that stay until they are let go: what a manifest names, and where the logs end. */
    private record Kept(StoredManifest manifest, List<MappedSegment> segments, List<Mark> logs) {}

    private Kept keep() {
        state.lock();
        try {
            requireReady();
            StoredManifest manifest = manifest();
            List<MappedSegment> segments = new ArrayList<>();
            for (StoredManifest.Segment segment : manifest.segments()) {
                segments.add(openSegment(segment));
            }
            Kept kept = new Kept(manifest, segments, marks());
            files.keep();
            return kept;
        } catch (IOException e) {
            throw new LifecycleException("Reading the index " + directory + " failed; check its permissions", e);
        } finally {
            state.unlock();
        }
    }

    private void letGo() {
        state.lock();
        try {
            // Once this is closed, the files are those of the next writer, who removes what is left over.
            if (!closed) {
                files.letGo();
            }
        } finally {
            state.unlock();
        }
    }

    private void copy(Path target, Kept kept) throws IOException {
        Files.createDirectories(target);
        try (DirectoryStream<Path> present = Files.newDirectoryStream(target)) {
            if (present.iterator().hasNext()) {
                throw new LifecycleException("Copying the index " + directory + " to " + target
                        + " failed: it is not empty; name a new directory");
            }
        }
        StoredManifest manifest = kept.manifest();
        for (StoredManifest.Segment segment : manifest.segments()) {
            files.linkOrCopy(files.segment(segment.entry().number()), target);
        }
        List<Mark> logs = later(kept.logs(), manifest.version());
        for (Mark mark : logs) {
            files.copyStart(files.log(mark.number()), mark.end(), target);
        }
        manifest.withLogs(logs).write(disk, target);
    }

    /**
     * Checks every byte of all files.
     *
     * @return what is damaged, empty when nothing is
     */
    public List<DamagedDataException> verify() {
        Kept kept = keep();
        try {
            List<DamagedDataException> damages = new ArrayList<>();
            kept.segments().forEach(segment -> damages.addAll(segment.verify()));
            collect(damages, () -> StoredManifest.read(directory));
            for (Mark mark : kept.logs()) {
                collect(damages, () -> verify(mark));
            }
            return List.copyOf(damages);
        } catch (IOException e) {
            throw new LifecycleException("Reading the index " + directory + " failed; check its permissions", e);
        } finally {
            letGo();
        }
    }

    private void verify(Mark mark) throws IOException {
        try (BatchLogReader reader = BatchLogReader.open(files.log(mark.number()), mark, dimension)) {
            reader.read(Long.MAX_VALUE, batch -> {});
        } catch (NoSuchFileException e) {
            // A reader's log can have gone because the writer needs it no more.
            if (writing) {
                throw damaged(files.log(mark.number()), "the file is missing", e);
            }
        }
    }

    private static void collect(List<DamagedDataException> damages, Step check) throws IOException {
        try {
            check.run();
        } catch (DamagedDataException e) {
            damages.add(e);
        }
    }

    @Override
    public void close() {
        state.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            if (writing && ready && !isUncertain()) {
                if (current != null) {
                    current.force();
                }
                StoredManifest manifest = manifest();
                if (!marks().equals(manifest.logs())) {
                    // So that the next to open knows how long the logs have to be.
                    manifest.withLogs(marks()).write(disk, directory);
                }
            }
        } catch (IOException e) {
            throw new LifecycleException(
                    "Closing the index " + directory + " failed, batches that were forced are kept;"
                            + " check space and permissions and open it again",
                    e);
        } finally {
            timer.ifPresent(ScheduledExecutorService::shutdownNow);
            closeCurrent();
            closeUnread();
            condemnUnpublished();
            files.removeCondemned();
            lock.ifPresent(WriterLock::close);
            state.unlock();
        }
    }

    /** A step that the disk can refuse. */
    @FunctionalInterface
    private interface Step {

        void run() throws IOException;
    }

    private void write(Step step) {
        requireWriting();
        state.lock();
        try {
            requireReady();
            requireCertain();
            step.run();
        } catch (IOException e) {
            throw refused(e);
        } finally {
            state.unlock();
        }
    }

    private LifecycleException refused(IOException cause) {
        return new LifecycleException(
                "Writing to the index " + directory + " failed (" + cause.getMessage()
                        + "), it is as it was and can be read; check space and permissions and write again",
                cause);
    }

    private void requireWriting() {
        if (!writing) {
            throw new IllegalStateException(
                    "the index " + directory + " was opened for reading; open it for writing to change it");
        }
    }

    private void requireReady() {
        if (closed || !ready) {
            throw new IllegalStateException("the index " + directory + " is "
                    + (closed ? "closed; open it again" : "not recovered; recover and replay it first"));
        }
    }

    private boolean isUncertain() {
        return current != null && current.isUncertain();
    }

    private void requireCertain() {
        if (isUncertain()) {
            throw new LifecycleException("Writing to the index " + directory
                    + " is refused: the disk failed to force its log, and what it has of it is unknown;"
                    + " see that the disk is sound, close the index and open it again");
        }
    }

    private StoredManifest manifest() {
        return Objects.requireNonNull(stored, "recover comes first");
    }

    private static List<Mark> later(List<Mark> marks, long version) {
        return marks.stream().filter(mark -> mark.lastVersion() > version).toList();
    }

    private void closeCurrent() {
        if (current != null) {
            try {
                current.close();
            } catch (IOException e) {
                log.warn("A log in {} could not be closed; all that was forced is in it", directory, e);
            }
            current = null;
        }
    }

    private void closeUnread() {
        for (BatchLogReader reader : unread) {
            try {
                reader.close();
            } catch (IOException e) {
                log.warn("{} could not be closed after it was read", reader.path(), e);
            }
        }
        unread = List.of();
    }

    /** Finds what a crash left, which no manifest will name. */
    private void removeLeftOvers() throws IOException {
        Set<Long> segments = files.segments();
        segments.removeAll(numbers(manifest()));
        segments.forEach(number -> files.condemn(files.segment(number)));
        Set<Long> logsBefore = files.logs().headSet(manifest().nextLog());
        manifest().logs().forEach(mark -> logsBefore.remove(mark.number()));
        logsBefore.forEach(number -> files.condemn(files.log(number)));
        files.condemn(AtomicFile.temporary(files.manifest()));
        files.removeCondemned();
    }

    private static DamagedDataException damaged(Path file, String problem, @Nullable Throwable cause) {
        return new DamagedDataException(file.toString(), "byte 0", problem, SectionedFile.REMEDY, cause);
    }
}
