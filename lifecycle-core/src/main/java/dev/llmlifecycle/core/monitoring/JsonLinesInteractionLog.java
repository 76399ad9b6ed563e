package dev.llmlifecycle.core.monitoring;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;

import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.monitoring.Feedback;
import dev.llmlifecycle.api.monitoring.Interaction;
import dev.llmlifecycle.api.monitoring.InteractionSink;
import dev.llmlifecycle.core.internal.AppendedLines;
import dev.llmlifecycle.core.internal.InterProcessLock;
import dev.llmlifecycle.core.internal.JsonObject;
import dev.llmlifecycle.core.internal.LineReader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An append-only log of interactions and feedback in one file of JSON Lines.
 *
 * <p>Each line carries its schema version, its type and a checksum. A last line that a crash cut short is not read, and
 * removed when the log is opened again. A line that is damaged otherwise is skipped and {@linkplain #damagedLines()
 * reported by its number}; nothing else is lost. Types of lines and fields that this version does not know are passed
 * over.
 *
 * <p>One log has one writer at a time, held by an empty file beside it whose name ends in {@code .lock}. Anyone may
 * {@linkplain #read read} it meanwhile.
 *
 * <pre>{@code
 * try (JsonLinesInteractionLog log = JsonLinesInteractionLog.builder(Path.of("interactions.jsonl")).build()) {
 *     log.record(interaction);
 *     log.record(new Feedback(interaction.id(), Feedback.Rating.UP, reason, correction, clock.instant()));
 * }
 * }</pre>
 *
 * <p>Thread-safe. The file grows without bound; a host that wants it smaller opens a new file, such as one a day.
 * Reading holds all that it returns in memory.
 *
 * @since 0.1
 */
public final class JsonLinesInteractionLog implements InteractionSink, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(JsonLinesInteractionLog.class);
    private static final int DEFAULT_MAX_LINE_BYTES = 4 << 20;

    private final Path file;
    private final boolean fsync;
    private final int maxLineBytes;
    private final InterProcessLock writer;
    private final AppendedLines lines;
    private final ReentrantLock lock = new ReentrantLock();
    private boolean closed;

    private JsonLinesInteractionLog(Builder builder, InterProcessLock writer, AppendedLines lines) {
        this.file = builder.file;
        this.fsync = builder.fsync;
        this.maxLineBytes = builder.maxLineBytes;
        this.writer = writer;
        this.lines = lines;
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
     * Reads a log that may be open elsewhere.
     *
     * @param file the file
     * @return what is in it
     * @throws LifecycleException when it cannot be read
     */
    public static Contents read(Path file) {
        return read(file, DEFAULT_MAX_LINE_BYTES);
    }

    /**
     * Appends an interaction.
     *
     * @throws LifecycleException when it is longer than a line may be or cannot be written
     * @throws IllegalStateException when the log is closed
     */
    @Override
    public void record(Interaction interaction) {
        append("interaction " + interaction.id(), LogLines.write(interaction));
    }

    /**
     * Appends feedback.
     *
     * @param feedback what a user said
     * @throws LifecycleException when it is longer than a line may be or cannot be written
     * @throws IllegalStateException when the log is closed
     */
    public void record(Feedback feedback) {
        append("feedback on interaction " + feedback.interactionId(), LogLines.write(feedback));
    }

    /**
     * Reads the interactions.
     *
     * @return in the order they were recorded
     * @throws IllegalStateException when the log is closed
     */
    public List<Interaction> interactions() {
        return read().interactions();
    }

    /**
     * Reads the feedback.
     *
     * @return in the order it was recorded
     * @throws IllegalStateException when the log is closed
     */
    public List<Feedback> feedback() {
        return read().feedback();
    }

    /**
     * Reads which lines are damaged.
     *
     * @return their numbers from 1; empty when nothing is lost
     * @throws IllegalStateException when the log is closed
     */
    public List<Long> damagedLines() {
        return read().damagedLines();
    }

    /** Closes the file and lets another writer open it. */
    @Override
    public void close() {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
        } finally {
            lock.unlock();
        }
        try {
            lines.close();
        } finally {
            writer.close();
        }
    }

    private void append(String what, byte[] line) {
        if (line.length > maxLineBytes) {
            throw new LifecycleException("Recording " + what + " in " + file + " failed: it has " + line.length
                    + " bytes and a line may have " + maxLineBytes + "; raise maxLineBytes or record less");
        }
        lock.lock();
        try {
            requireOpen();
            lines.append(line, fsync);
        } finally {
            lock.unlock();
        }
    }

    private Contents read() {
        lock.lock();
        try {
            requireOpen();
        } finally {
            lock.unlock();
        }
        return read(file, maxLineBytes);
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the interaction log " + file + " is closed; build a new one");
        }
    }

    private static Contents read(Path file, int maxLineBytes) {
        List<Interaction> interactions = new ArrayList<>();
        List<Feedback> feedback = new ArrayList<>();
        List<Long> damaged = new ArrayList<>();
        try (LineReader lines = LineReader.open(file, maxLineBytes)) {
            while (lines.next()) {
                try {
                    JsonObject json = LogLines.parse(lines.bytes());
                    switch (json.text("type")) {
                        case LogLines.INTERACTION -> interactions.add(LogLines.readInteraction(json));
                        case LogLines.FEEDBACK -> feedback.add(LogLines.readFeedback(json));
                        default -> log.debug("{}, line {} has a type that is not known here", file, lines.number());
                    }
                } catch (IllegalArgumentException e) {
                    if (lines.terminated()) {
                        log.warn("{}, line {} is skipped: {}", file, lines.number(), e.getMessage());
                        damaged.add(lines.number());
                    }
                }
            }
        }
        return new Contents(interactions, feedback, damaged);
    }

    /**
     * What a log holds.
     *
     * <p>Immutable.
     *
     * @param interactions in the order they were recorded
     * @param feedback in the order it was recorded
     * @param damagedLines the numbers, from 1, of the lines that were skipped because they are damaged
     */
    public record Contents(List<Interaction> interactions, List<Feedback> feedback, List<Long> damagedLines) {

        /** Copies. */
        public Contents {
            interactions = List.copyOf(interactions);
            feedback = List.copyOf(feedback);
            damagedLines = List.copyOf(damagedLines);
        }
    }

    /** Builds a {@link JsonLinesInteractionLog}. Not thread-safe. */
    public static final class Builder {

        private final Path file;
        private boolean fsync;
        private int maxLineBytes = DEFAULT_MAX_LINE_BYTES;

        private Builder(Path file) {
            this.file = Objects.requireNonNull(file, "file");
        }

        /**
         * Sets whether each record waits until the disk has it. Default: false; then a crash of the process loses
         * nothing, but a crash of the machine may lose the last seconds.
         *
         * @param fsync true to wait
         * @return this builder
         */
        public Builder fsync(boolean fsync) {
            this.fsync = fsync;
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
            if (maxLineBytes < 1024) {
                throw new IllegalArgumentException("maxLineBytes of the interaction log " + file
                        + " must be at least 1024 but was " + maxLineBytes + "; an interaction needs some kilobytes");
            }
            this.maxLineBytes = maxLineBytes;
            return this;
        }

        /**
         * Opens the log for writing, and repairs its end after a crash.
         *
         * @return the log
         * @throws LifecycleException when another writer has it open, the file is something else, or it cannot be
         *     opened
         */
        public JsonLinesInteractionLog build() {
            Path lockFile = file.resolveSibling(file.getFileName() + ".lock");
            InterProcessLock writer = InterProcessLock.tryAcquire(lockFile, Duration.ZERO)
                    .orElseThrow(() -> new LifecycleException("Opening the interaction log " + file
                            + " failed: another writer, in this process or another, has it open; close that one, or"
                            + " give each its own file"));
            boolean opened = false;
            try {
                JsonLinesInteractionLog built = new JsonLinesInteractionLog(this, writer, openLines());
                opened = true;
                return built;
            } finally {
                if (!opened) {
                    writer.close();
                }
            }
        }

        private AppendedLines openLines() {
            if (!Files.exists(file)) {
                return AppendedLines.open(file, 0, true);
            }
            return AppendedLines.openAfterCrash(file, LogLines.START, LogLines::isWhole, maxLineBytes);
        }
    }
}
