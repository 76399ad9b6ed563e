package dev.llmlifecycle.core.monitoring;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.stream.Stream;

import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.monitoring.Feedback;
import dev.llmlifecycle.api.monitoring.Interaction;
import dev.llmlifecycle.api.monitoring.InteractionStore;
import dev.llmlifecycle.api.monitoring.RecordedInteraction;
import dev.llmlifecycle.core.internal.InterProcessLock;
import dev.llmlifecycle.core.internal.JsonObject;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A log of interactions and feedback in files of JSON Lines: one that is written, and full ones beside it, compressed.
 *
 * <p>A thread of the log writes; {@code record} waits for it, but no longer than its {@linkplain Builder#patience
 * patience}, and then leaves the record in a bounded queue. What finds no room there, or cannot be written, is an error
 * to who records it, and counted as {@linkplain #dropped() dropped}. A crash of the process costs at most what waits in
 * the queue; what a crash of the machine costs is a matter of {@link Fsync}.
 *
 * <p>Each line carries its schema version, its type and a checksum. A last line that a crash cut short is not read, and
 * removed when the log is opened again. A line that is damaged otherwise is skipped, and {@linkplain #damage() told by
 * file and number}; nothing else is lost. Types of lines and fields that this version does not know are passed over.
 *
 * <p>One log has one writer at a time, held by an empty file beside it whose name ends in {@code .lock}. Anyone may
 * {@linkplain #stream read} it meanwhile.
 *
 * <pre>{@code
 * try (JsonLinesInteractionLog log = JsonLinesInteractionLog.builder(Path.of("interactions.jsonl"))
 *         .maxAge(Duration.ofDays(90))
 *         .build()) {
 *     log.record(interaction);
 *     log.record(new Feedback(interaction.id(), Feedback.Rating.UP, reason, correction, clock.instant()));
 *     log.erase(Optional.of("acme"), "ada");
 * }
 * }</pre>
 *
 * <p>Thread-safe. Finding and reading take time in proportion to the whole log; reading holds four bytes for each
 * interaction of a million, and the feedback on them, in memory. Erasing rewrites the files that are concerned, one
 * after the other, while records go on being taken; it holds the ids of the user's interactions.
 *
 * @since 0.1
 */
public final class JsonLinesInteractionLog implements InteractionStore {

    private static final Logger log = LoggerFactory.getLogger(JsonLinesInteractionLog.class);
    private static final int DEFAULT_MAX_LINE_BYTES = 4 << 20;
    private static final int DEFAULT_QUEUE_BYTES = 16 << 20;
    private static final long DEFAULT_MAX_FILE_BYTES = 64L << 20;

    private final LogFiles files;
    private final int maxLineBytes;
    private final InterProcessLock exclusion;
    private final LogUpkeep upkeep;
    private final LogWriter writer;

    private JsonLinesInteractionLog(Builder builder, LogFiles files, InterProcessLock exclusion) {
        this.files = files;
        this.maxLineBytes = builder.maxLineBytes;
        this.exclusion = exclusion;
        this.upkeep = new LogUpkeep(builder, files);
        this.writer = new LogWriter(builder, files, upkeep::tidy);
    }

    /**
     * Starts a log.
     *
     * @param file the file; it and its directory are created when they are missing
     * @return a builder
     */
    public static Builder builder(Path file) {
        return new Builder(file);
    }

    /**
     * Reads a log that may be open elsewhere into memory.
     *
     * @param file the file that is written; the full ones beside it are read, too
     * @return what is in it
     * @throws LifecycleException when it cannot be read
     */
    public static Contents read(Path file) {
        List<Interaction> interactions = new ArrayList<>();
        List<Feedback> feedback = new ArrayList<>();
        List<Damage> damaged = new ArrayList<>();
        lines(new LogFiles(file), DEFAULT_MAX_LINE_BYTES, interactions::add, feedback::add, damage -> {
            warn(damage);
            damaged.add(damage);
        });
        return new Contents(interactions, feedback, damaged);
    }

    /**
     * Reads a log that may be open elsewhere, lazily. Damaged lines are logged and passed over.
     *
     * @param file the file that is written; the full ones beside it are read, too
     * @return all interactions in the order they were recorded, each with all its feedback; to be closed
     * @throws LifecycleException when it cannot be read
     */
    public static Stream<RecordedInteraction> stream(Path file) {
        return joined(new LogFiles(file), DEFAULT_MAX_LINE_BYTES, new TimeSpan(Instant.MIN, Instant.MAX));
    }

    /**
     * Appends an interaction.
     *
     * @throws LifecycleException when it is longer than a line may be, the queue is full or it cannot be written
     * @throws IllegalStateException when the log is closed
     */
    @Override
    public void record(Interaction interaction) {
        append("interaction " + interaction.id(), LogLines.write(interaction));
    }

    /**
     * Appends feedback.
     *
     * @throws LifecycleException when it is longer than a line may be, the queue is full or it cannot be written
     * @throws IllegalStateException when the log is closed
     */
    @Override
    public void record(Feedback feedback) {
        append("feedback on interaction " + feedback.interactionId(), LogLines.write(feedback));
    }

    /**
     * Reads the interactions that started in a span of time, lazily, after those in the queue have been written.
     * Damaged lines are logged and passed over.
     *
     * @throws LifecycleException when the log cannot be read, then or while the stream is consumed
     */
    @Override
    public Stream<RecordedInteraction> read(Instant from, Instant until) {
        TimeSpan span = new TimeSpan(from, until);
        writer.flush();
        return joined(files, maxLineBytes, span);
    }

    /**
     * Finds an interaction by reading the whole log. Of several with one id it is the last.
     *
     * @throws LifecycleException when the log cannot be read
     */
    @Override
    public Optional<RecordedInteraction> find(String id) {
        Objects.requireNonNull(id, "id");
        writer.flush();
        return new LogScan(files, maxLineBytes, JsonLinesInteractionLog::warn).find(id);
    }

    /**
     * Erases a user from all files, compressed ones included.
     *
     * <p>It is all or nothing: a crash midway is made good when the log is opened again. For that time, a file beside
     * the log whose name ends in {@code .erasing} holds the ids of the user and the interactions. A file that is
     * damaged inside its compression loses, when it is rewritten, what could not be read of it.
     *
     * @throws LifecycleException when a file cannot be rewritten; erase again, or open the log again
     */
    @Override
    public Erasure erase(Optional<String> tenant, String user) {
        Person person = new Person(tenant, user);
        writer.rotate();
        return upkeep.erase(person);
    }

    /**
     * Reads the whole log for places that are damaged.
     *
     * @return the places; empty when nothing is lost
     * @throws IllegalStateException when the log is closed
     */
    public List<Damage> damage() {
        writer.flush();
        List<Damage> damaged = new ArrayList<>();
        lines(files, maxLineBytes, interaction -> {}, feedback -> {}, damaged::add);
        return List.copyOf(damaged);
    }

    /**
     * Returns how many records were given up since the log was opened: the queue had no room for them, or they could
     * not be written. Each was an error to who recorded it, unless that one's patience had ended; the log of the
     * application tells of the first, the second, the fourth, the eighth and so on.
     *
     * @return at least 0
     */
    public long dropped() {
        return writer.dropped();
    }

    /**
     * Writes what waits in the queue, finishes an erasure, closes the files and lets another writer open them. That
     * takes as long as the disk takes.
     */
    @Override
    public void close() {
        try {
            writer.close();
            upkeep.close();
        } finally {
            exclusion.close();
        }
    }

    private void append(String what, byte[] line) {
        if (line.length > maxLineBytes) {
            throw new LifecycleException("Recording " + what + " in " + files.active() + " failed: it has "
                    + line.length + " bytes and a line may have " + maxLineBytes
                    + "; raise maxLineBytes or record less");
        }
        writer.write(what, line);
    }

    private static void lines(
            LogFiles files,
            int maxLineBytes,
            Consumer<Interaction> interactions,
            Consumer<Feedback> feedback,
            Consumer<Damage> damaged) {
        new LogScan(files, maxLineBytes, damaged).lines(line -> {
            JsonObject json = LogLines.parse(line);
            switch (json.text("type")) {
                case LogLines.INTERACTION -> interactions.accept(LogLines.readInteraction(json));
                case LogLines.FEEDBACK -> feedback.accept(LogLines.readFeedback(json));
                default -> log.debug("{} has a line of a type that is not known here", files.active());
            }
        });
    }

    private static Stream<RecordedInteraction> joined(LogFiles files, int maxLineBytes, TimeSpan span) {
        return new LogScan(files, maxLineBytes, JsonLinesInteractionLog::warn).joined(span, LogScan.GROUP);
    }

    private static void warn(Damage damage) {
        log.warn("{}; it is skipped", damage);
    }

    /**
     * What a log holds.
     *
     * <p>Immutable.
     *
     * @param interactions in the order they were recorded
     * @param feedback in the order it was recorded
     * @param damage what was skipped because it cannot be read
     */
    public record Contents(List<Interaction> interactions, List<Feedback> feedback, List<Damage> damage) {

        /** Copies. */
        public Contents {
            interactions = List.copyOf(interactions);
            feedback = List.copyOf(feedback);
            damage = List.copyOf(damage);
        }
    }

    /** Builds a {@link JsonLinesInteractionLog}. Not thread-safe. */
    public static final class Builder {

        private final Path file;
        private Fsync fsync = Fsync.every(Duration.ofSeconds(1));
        private Duration patience = Duration.ofMillis(100);
        private int queueBytes = DEFAULT_QUEUE_BYTES;
        private int maxLineBytes = DEFAULT_MAX_LINE_BYTES;
        private long maxFileBytes = DEFAULT_MAX_FILE_BYTES;
        private boolean rotateDaily;
        private boolean compress = true;
        private @Nullable Duration maxAge;
        private OptionalLong maxTotalBytes = OptionalLong.empty();
        private Clock clock = Clock.systemUTC();

        private Builder(Path file) {
            this.file = Objects.requireNonNull(file, "file");
        }

        /**
         * Sets when the log waits for the disk. Default: every second.
         *
         * @param fsync the policy
         * @return this builder
         */
        public Builder fsync(Fsync fsync) {
            this.fsync = Objects.requireNonNull(fsync, "fsync");
            return this;
        }

        /**
         * Sets how long {@code record} waits at most: for room in the queue, then until the record is written. Default:
         * 100 ms. With zero a record is handed over and not waited for.
         *
         * @param patience the time, at least zero
         * @return this builder
         */
        public Builder patience(Duration patience) {
            if (patience.isNegative()) {
                throw new IllegalArgumentException("patience of the interaction log " + file
                        + " must not be negative but was " + patience + "; use zero to hand over only");
            }
            this.patience = patience;
            return this;
        }

        /**
         * Sets how many bytes may wait to be written. Default: 16 MiB.
         *
         * @param queueBytes at least as many as a line may have
         * @return this builder
         */
        public Builder queueBytes(int queueBytes) {
            this.queueBytes = queueBytes;
            return this;
        }

        /**
         * Sets the longest line. Default: 4 MiB.
         *
         * @param maxLineBytes in bytes, at least 1024
         * @return this builder
         * @throws IllegalArgumentException when it is less
         */
        public Builder maxLineBytes(int maxLineBytes) {
            this.maxLineBytes = (int) atLeast("maxLineBytes", 1024, maxLineBytes);
            return this;
        }

        /**
         * Sets how large a file grows before it is put aside and a new one begun. Default: 64 MiB.
         *
         * @param maxFileBytes in bytes, at least 1024; a longer line gets a file of its own
         * @return this builder
         */
        public Builder maxFileBytes(long maxFileBytes) {
            this.maxFileBytes = atLeast("maxFileBytes", 1024, maxFileBytes);
            return this;
        }

        /**
         * Sets whether each day has files of its own, by the zone of the clock. Default: no, unless there is a
         * {@link #maxAge}.
         *
         * @param rotateDaily true to begin a new file each day
         * @return this builder
         */
        public Builder rotateDaily(boolean rotateDaily) {
            this.rotateDaily = rotateDaily;
            return this;
        }

        /**
         * Sets whether files that are put aside are compressed with gzip. Default: yes.
         *
         * @param compress false to leave them as they are
         * @return this builder
         */
        public Builder compress(boolean compress) {
            this.compress = compress;
            return this;
        }

        /**
         * Sets how long records are kept. Default: for ever. Whole files are removed, when their last record is older;
         * as each day then has files of its own, a record stays a day longer at most.
         *
         * @param maxAge the time, more than zero
         * @return this builder
         */
        public Builder maxAge(Duration maxAge) {
            if (maxAge.isNegative() || maxAge.isZero()) {
                throw new IllegalArgumentException("maxAge of the interaction log " + file
                        + " must be more than zero but was " + maxAge + "; leave it out to keep everything");
            }
            this.maxAge = maxAge;
            return this;
        }

        /**
         * Sets how many bytes all files may have on disk. Default: any number. The oldest full files are removed first;
         * the one that is written never is.
         *
         * @param maxTotalBytes in bytes, at least 1024
         * @return this builder
         */
        public Builder maxTotalBytes(long maxTotalBytes) {
            this.maxTotalBytes = OptionalLong.of(atLeast("maxTotalBytes", 1024, maxTotalBytes));
            return this;
        }

        /**
         * Sets the clock that names full files and tells their age. Default: the system's, in UTC.
         *
         * @param clock the clock
         * @return this builder
         */
        public Builder clock(Clock clock) {
            this.clock = Objects.requireNonNull(clock, "clock");
            return this;
        }

        /**
         * Opens the log for writing: repairs its end after a crash, and finishes an erasure that a crash interrupted.
         *
         * @return the log
         * @throws IllegalArgumentException when the queue has no room for a line
         * @throws LifecycleException when another writer has it open, the file is something else, or it cannot be
         *     opened
         */
        public JsonLinesInteractionLog build() {
            if (queueBytes < maxLineBytes) {
                throw new IllegalArgumentException("queueBytes of the interaction log " + file + " must be at least"
                        + " maxLineBytes, " + maxLineBytes + ", but was " + queueBytes + "; raise it");
            }
            LogFiles files = new LogFiles(file);
            InterProcessLock exclusion = InterProcessLock.tryAcquire(files.lock(), Duration.ZERO)
                    .orElseThrow(() -> new LifecycleException("Opening the interaction log " + file
                            + " failed: another writer, in this process or another, has it open; close that one, or"
                            + " give each its own file"));
            boolean opened = false;
            try {
                files.removeLeftovers();
                LogErasure.complete(files);
                JsonLinesInteractionLog built = new JsonLinesInteractionLog(this, files, exclusion);
                built.writer.start();
                built.upkeep.tidy();
                opened = true;
                return built;
            } finally {
                if (!opened) {
                    exclusion.close();
                }
            }
        }

        Fsync fsync() {
            return fsync;
        }

        Duration patience() {
            return patience;
        }

        int queueBytes() {
            return queueBytes;
        }

        int maxLineBytes() {
            return maxLineBytes;
        }

        long maxFileBytes() {
            return maxFileBytes;
        }

        boolean rotateDaily() {
            return rotateDaily || maxAge != null;
        }

        boolean compress() {
            return compress;
        }

        Optional<Duration> maxAge() {
            return Optional.ofNullable(maxAge);
        }

        OptionalLong maxTotalBytes() {
            return maxTotalBytes;
        }

        Clock clock() {
            return clock;
        }

        private long atLeast(String what, long least, long value) {
            if (value < least) {
                throw new IllegalArgumentException(what + " of the interaction log " + file + " must be at least "
                        + least + " but was " + value + "; an interaction needs some kilobytes");
            }
            return value;
        }
    }
}
