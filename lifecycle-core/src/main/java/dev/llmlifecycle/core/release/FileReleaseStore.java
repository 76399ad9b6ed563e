package dev.llmlifecycle.core.release;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

import dev.llmlifecycle.api.DamagedDataException;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.release.Deployment;
import dev.llmlifecycle.api.release.JournalEntry;
import dev.llmlifecycle.api.release.Release;
import dev.llmlifecycle.api.release.ReleaseStore;
import dev.llmlifecycle.core.internal.AppendedLines;
import dev.llmlifecycle.core.internal.DurableFiles;
import dev.llmlifecycle.core.internal.InterProcessLock;
import dev.llmlifecycle.core.internal.LineReader;
import dev.llmlifecycle.core.internal.StoredJson;
import dev.llmlifecycle.core.release.internal.JournalLines;
import dev.llmlifecycle.core.release.internal.StoredReleases;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A release store on plain files that any number of processes may share.
 *
 * <p>Each release is one file, {@code <directory>/releases/<hash>.json}, that is written once. Each entry of the audit
 * journal is one line of {@code <directory>/deployments.jsonl}, with its own hash and that of the line before: a change
 * inside the journal shows, and the journal can be checked anywhere. An entry is acknowledged when its line is on the
 * disk. Writers exclude each other by the empty file {@code <directory>/.lock}; reading needs no lock and no right to
 * write.
 *
 * <p>A last line that a crash cut short was never acknowledged: it is not read, and removed by the next entry. A line
 * that is damaged otherwise makes every reading of the journal fail and name the line, since nobody knows then what
 * runs.
 *
 * <p>Thread-safe. The journal is kept in memory and read again when its file has changed, so asking where a label
 * points costs one look at the file's size and time.
 *
 * @since 0.1
 */
public final class FileReleaseStore implements ReleaseStore {

    private static final Logger log = LoggerFactory.getLogger(FileReleaseStore.class);
    static final int LONGEST_LINE = 1 << 20;
    private static final String REMEDY = "restore the file from a backup";

    private final Path directory;
    private final Path journalFile;
    private final Duration lockTimeout;
    private volatile Journal lastRead = Journal.ABSENT;

    private FileReleaseStore(Builder builder) {
        this.directory = builder.directory;
        this.journalFile = directory.resolve("deployments.jsonl");
        this.lockTimeout = builder.lockTimeout;
    }

    /**
     * Starts a store.
     *
     * @param directory where it keeps its files; it is created by the first release
     * @return a builder
     */
    public static Builder builder(Path directory) {
        return new Builder(directory);
    }

    /**
     * Saves a release. When it returns, the file is on the disk; a damaged file of the same release is replaced.
     *
     * @throws LifecycleException when it cannot be written
     */
    @Override
    public void save(Release release) {
        Hash hash = release.hash();
        if (!isStored(hash)) {
            DurableFiles.write(file(hash), StoredReleases.write(release).getBytes(StandardCharsets.UTF_8));
            log.debug("saved release {}", hash.shortForm());
        }
    }

    @Override
    public Optional<Release> find(Hash hash) {
        return StoredJson.read(file(hash), REMEDY, json -> StoredReleases.read(json, hash));
    }

    /**
     * Finds where a label points.
     *
     * @throws DamagedDataException when a line of the journal cannot be trusted
     */
    @Override
    public Optional<Deployment> deployment(String label) {
        return read().chain().deployment(label);
    }

    @Override
    public List<JournalEntry> journal() {
        return read().chain().entries();
    }

    @Override
    public Optional<JournalEntry> last() {
        return read().chain().last();
    }

    /**
     * Appends an entry. When it returns true, the line is on the disk.
     *
     * @throws DamagedDataException when the journal or the release cannot be trusted
     * @throws LifecycleException when it cannot be written, or another process holds the lock for too long
     */
    @Override
    public boolean append(JournalEntry entry) {
        StoredReleases.requireSaved(entry, this::find);
        return InterProcessLock.holding(directory.resolve(".lock"), lockTimeout, () -> {
            Journal journal = read();
            if (!entry.follows(journal.chain().last())) {
                return false;
            }
            AppendedLines.appendDurably(journalFile, journal.end(), journal.terminated(), JournalLines.write(entry));
            Stamp after = stamp();
            lastRead = new Journal(after, journal.chain().plus(entry), after.size(), true);
            log.debug(
                    "entry {} ({}) is in the journal",
                    entry.revision(),
                    entry.event().word());
            return true;
        });
    }

    Path journalFile() {
        return journalFile;
    }

    private boolean isStored(Hash hash) {
        try {
            return find(hash).isPresent();
        } catch (DamagedDataException e) {
            log.warn("replacing a damaged release: {}", e.getMessage());
            return false;
        }
    }

    private Path file(Hash hash) {
        return directory.resolve("releases").resolve(hash.hex() + ".json");
    }

    private Journal read() {
        Stamp now = stamp();
        Journal known = lastRead;
        if (!known.stamp().equals(now)) {
            known = now.equals(Stamp.ABSENT) ? Journal.ABSENT : readAll(now);
            lastRead = known;
        }
        return known;
    }

    private Stamp stamp() {
        try {
            BasicFileAttributes attributes = Files.readAttributes(journalFile, BasicFileAttributes.class);
            return new Stamp(attributes.size(), attributes.lastModifiedTime());
        } catch (NoSuchFileException e) {
            return Stamp.ABSENT;
        } catch (IOException e) {
            throw new LifecycleException("Reading " + journalFile + " failed; check its permissions", e);
        }
    }

    private Journal readAll(Stamp stamp) {
        List<JournalEntry> entries = new ArrayList<>();
        Optional<JournalEntry> last = Optional.empty();
        long end = 0;
        boolean terminated = true;
        try (LineReader lines = LineReader.open(journalFile, LONGEST_LINE)) {
            while (lines.next()) {
                JournalEntry entry;
                try {
                    entry = JournalLines.read(lines.text());
                } catch (IllegalArgumentException e) {
                    if (!lines.terminated()) {
                        log.debug("{} ends with a line that is not whole", journalFile);
                        break;
                    }
                    throw damaged(lines, String.valueOf(e.getMessage()), e);
                }
                if (!entry.follows(last)) {
                    throw damaged(
                            lines, "entry " + entry.revision() + " of this line does not follow the line before", null);
                }
                entries.add(entry);
                last = Optional.of(entry);
                end = lines.end();
                terminated = lines.terminated();
            }
        }
        return new Journal(stamp, new JournalChain(entries), end, terminated);
    }

    private DamagedDataException damaged(LineReader lines, String problem, @Nullable Throwable cause) {
        return new DamagedDataException(journalFile.toString(), "line " + lines.number(), problem, REMEDY, cause);
    }

    /** By what a change of the file shows. */
    private record Stamp(long size, FileTime modified) {
        static final Stamp ABSENT = new Stamp(-1, FileTime.fromMillis(0));
    }

    /** What the file held at a stamp; {@code end} is where its last whole line ends. */
    private record Journal(Stamp stamp, JournalChain chain, long end, boolean terminated) {
        static final Journal ABSENT = new Journal(Stamp.ABSENT, JournalChain.EMPTY, 0, true);
    }

    /** Builds a {@link FileReleaseStore}. Not thread-safe. */
    public static final class Builder {

        private final Path directory;
        private Duration lockTimeout = Duration.ofSeconds(10);

        private Builder(Path directory) {
            this.directory = Objects.requireNonNull(directory, "directory");
        }

        /**
         * Sets how long a writer waits for one in another process. Default: 10 seconds.
         *
         * @param lockTimeout zero to try once
         * @return this builder
         */
        public Builder lockTimeout(Duration lockTimeout) {
            this.lockTimeout = Objects.requireNonNull(lockTimeout, "lockTimeout");
            return this;
        }

        /**
         * Builds the store.
         *
         * @return the store
         * @throws LifecycleException when the directory is a file
         */
        public FileReleaseStore build() {
            if (Files.exists(directory) && !Files.isDirectory(directory)) {
                throw new LifecycleException(
                        "Opening the release store " + directory + " failed: it is a file; name a directory");
            }
            return new FileReleaseStore(this);
        }
    }
}
