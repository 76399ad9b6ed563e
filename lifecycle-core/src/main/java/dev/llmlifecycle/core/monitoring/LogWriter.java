package dev.llmlifecycle.core.monitoring;

import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.core.internal.AppendedLines;
import dev.llmlifecycle.core.internal.DurableFiles;
import dev.llmlifecycle.core.internal.LineReader;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that writes a log, and the bounded queue in front of it.
 *
 * <p>Lines that wait are written together and share one wait for the disk. What else must not meet a write, such as
 * making a file full, is done by the same thread in its turn.
 */
final class LogWriter implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(LogWriter.class);
    private static final int BATCH_BYTES = 1 << 20;
    private static final long IDLE_SECONDS = 60;

    private final LogFiles files;
    private final Fsync fsync;
    private final Duration patience;
    private final long maxFileBytes;
    private final boolean rotateDaily;
    private final int maxLineBytes;
    private final Clock clock;
    private final Runnable afterRotation;

    /** One permit for each byte that may wait. */
    private final Semaphore room;

    private final BlockingQueue<Job> queue = new LinkedBlockingQueue<>();
    private final AtomicLong dropped = new AtomicLong();
    private final ReentrantLock gate = new ReentrantLock();
    private final Thread thread;
    private boolean closed;
    private boolean ended;

    // What follows belongs to the thread.
    private @Nullable AppendedLines lines;
    private @Nullable LocalDate day;
    private boolean stop;
    private boolean unsynced;
    private long unsyncedSince;
    private long rotationFailedAt;
    private boolean rotationFailed;

    LogWriter(JsonLinesInteractionLog.Builder settings, LogFiles files, Runnable afterRotation) {
        this.files = files;
        this.fsync = settings.fsync();
        this.patience = settings.patience();
        this.maxFileBytes = settings.maxFileBytes();
        this.rotateDaily = settings.rotateDaily();
        this.maxLineBytes = settings.maxLineBytes();
        this.clock = settings.clock();
        this.afterRotation = afterRotation;
        this.room = new Semaphore(settings.queueBytes());
        this.lines = open();
        this.day = dayOfFirstLine().orElse(null);
        this.thread = new Thread(this::run, "interaction-log-writer");
        this.thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /**
     * Hands a line over and waits until it is written, as long as patience lasts.
     *
     * @throws LifecycleException when the queue is full or the line could not be written
     */
    void write(String what, byte[] line) {
        long deadline = System.nanoTime() + patience.toNanos();
        if (!awaitRoom(line.length, deadline)) {
            requireOpen();
            throw drop("Recording " + what + " in " + files.active() + " failed: the queue of records to write is full;"
                    + " look for a slow disk, or raise queueBytes");
        }
        Line job = new Line(line);
        try {
            enqueue(job);
        } catch (RuntimeException e) {
            room.release(line.length);
            throw e;
        }
        try {
            job.done.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            log.debug("{} waits in the queue of {}", what, files.active(), e);
        } catch (InterruptedException e) {
            // The line is on its way all the same.
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            throw new LifecycleException(
                    "Recording " + what + " failed: " + (cause == null ? "" : cause.getMessage()), cause);
        }
    }

    /** Waits until all that was handed over before is written. */
    void flush() {
        await(() -> {});
    }

    /** Waits until all that was handed over before is in full files. */
    void rotate() {
        await(() -> {
            if (length() > 0) {
                makeFull();
            }
        });
    }

    /** Returns how many records were given up. */
    long dropped() {
        return dropped.get();
    }

    void requireOpen() {
        gate.lock();
        try {
            if (closed) {
                throw new IllegalStateException(
                        "the interaction log " + files.active() + " is closed; build a new one");
            }
        } finally {
            gate.unlock();
        }
    }

    /** Writes what waits, and ends the thread. */
    @Override
    public void close() {
        gate.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            queue.add(new Task(() -> stop = true));
        } finally {
            gate.unlock();
        }
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean awaitRoom(int bytes, long deadline) {
        if (room.tryAcquire(bytes)) {
            return true;
        }
        try {
            return room.tryAcquire(bytes, Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void enqueue(Job job) {
        gate.lock();
        try {
            requireOpen();
            if (ended) {
                throw new LifecycleException("The writer of " + files.active()
                        + " has ended with an error; look into the log of the application, and build a new one");
            }
            queue.add(job);
        } finally {
            gate.unlock();
        }
    }

    private void await(Runnable work) {
        Task task = new Task(work);
        enqueue(task);
        try {
            task.done.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LifecycleException(
                    "Waiting for the writer of " + files.active() + " was interrupted; try again", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof LifecycleException failure
                    ? failure
                    : new LifecycleException(
                            "The writer of " + files.active() + " failed; see the cause", e.getCause());
        }
    }

    private LifecycleException drop(String message) {
        long count = dropped.incrementAndGet();
        if (Long.bitCount(count) == 1) {
            log.warn("{} records of {} are lost so far: {}", count, files.active(), message);
        }
        return new LifecycleException(message);
    }

    private void run() {
        try {
            if (isDue(0, 0)) {
                tryToMakeFull();
            }
            while (!stop) {
                Job job = queue.poll(pauseNanos(), TimeUnit.NANOSECONDS);
                if (job instanceof Line line) {
                    writeWithFollowers(line);
                } else if (job instanceof Task task) {
                    run(task);
                } else if (isDue(0, 0)) {
                    tryToMakeFull();
                }
                syncWhenDue();
            }
        } catch (InterruptedException e) {
            log.warn("The writer of {} was interrupted from outside and ends; build a new log", files.active());
        } finally {
            end();
        }
    }

    private void run(Task task) {
        try {
            task.work.run();
            task.done.complete(null);
        } catch (RuntimeException e) {
            task.done.completeExceptionally(e);
        }
    }

    private void end() {
        gate.lock();
        try {
            ended = true;
        } finally {
            gate.unlock();
        }
        for (Job job = queue.poll(); job != null; job = queue.poll()) {
            String message = "The writer of " + files.active() + " has ended";
            job.done.completeExceptionally(job instanceof Line ? drop(message) : new LifecycleException(message));
        }
        if (lines != null) {
            try (AppendedLines last = lines) {
                if (unsynced) {
                    last.sync();
                }
            } catch (LifecycleException e) {
                log.warn(
                        "{} was not closed well; its last records may be lost in a crash of the machine",
                        files.active(),
                        e);
            }
        }
    }

    /** Writes a line together with the lines that wait behind it. */
    private void writeWithFollowers(Line first) {
        List<Line> batch = new ArrayList<>();
        int bytes = 0;
        Line next = first;
        while (next != null) {
            if (isDue(bytes, next.bytes.length + 1)) {
                append(batch);
                batch.clear();
                bytes = 0;
                tryToMakeFull();
            }
            batch.add(next);
            bytes += next.bytes.length + 1;
            next = bytes < BATCH_BYTES && queue.peek() instanceof Line ? (Line) queue.poll() : null;
        }
        append(batch);
    }

    private void append(List<Line> batch) {
        if (batch.isEmpty()) {
            return;
        }
        try {
            appendAll(batch);
            batch.forEach(line -> settle(line, null));
        } catch (LifecycleException together) {
            // A disk that is full for all may have room for some.
            for (Line line : batch) {
                try {
                    appendAll(List.of(line));
                    settle(line, null);
                } catch (LifecycleException e) {
                    drop(String.valueOf(e.getMessage()));
                    settle(line, e);
                }
            }
        }
    }

    private void appendAll(List<Line> batch) {
        AppendedLines out = lines;
        if (out == null) {
            out = open();
            lines = out;
        }
        out.append(batch.stream().map(line -> line.bytes).toList(), fsync instanceof Fsync.EachRecord);
        if (day == null) {
            day = today();
        }
        if (fsync instanceof Fsync.Every && !unsynced) {
            unsynced = true;
            unsyncedSince = System.nanoTime();
        }
    }

    private void settle(Line line, @Nullable LifecycleException failure) {
        room.release(line.bytes.length);
        if (failure == null) {
            line.done.complete(null);
        } else {
            line.done.completeExceptionally(failure);
        }
    }

    /**
     * Tells whether the file must be put aside before so many bytes more, beside those that are still to be written.
     */
    private boolean isDue(long pending, long more) {
        long length = length() + pending;
        boolean full = more > 0 && length + more > maxFileBytes;
        boolean old = rotateDaily && day != null && !today().equals(day);
        boolean paused =
                rotationFailed && System.nanoTime() - rotationFailedAt < TimeUnit.SECONDS.toNanos(IDLE_SECONDS);
        return length > 0 && (full || old) && !paused;
    }

    private void tryToMakeFull() {
        try {
            makeFull();
            rotationFailed = false;
        } catch (LifecycleException e) {
            rotationFailed = true;
            rotationFailedAt = System.nanoTime();
            log.warn(
                    "{} could not be put aside and grows on; check the permissions of its directory",
                    files.active(),
                    e);
        }
    }

    private void makeFull() {
        AppendedLines full = lines;
        if (full != null) {
            lines = null;
            try (full) {
                if (!(fsync instanceof Fsync.Never)) {
                    full.sync();
                }
            }
        }
        unsynced = false;
        DurableFiles.rename(files.active(), files.plain(files.nextStamp(lastWritten())));
        lines = open();
        day = null;
        afterRotation.run();
    }

    private long length() {
        AppendedLines open = lines;
        return open == null ? Math.max(0, LogFiles.sizeOf(files.active())) : open.end();
    }

    private void syncWhenDue() {
        AppendedLines open = lines;
        if (open != null && unsynced && pauseNanos() == 0) {
            unsynced = false;
            try {
                open.sync();
            } catch (LifecycleException e) {
                log.warn("{} is not on the disk; a crash of the machine may cost its last records", files.active(), e);
            }
        }
    }

    private long pauseNanos() {
        if (unsynced && fsync instanceof Fsync.Every every) {
            return Math.max(0, every.interval().toNanos() - (System.nanoTime() - unsyncedSince));
        }
        return TimeUnit.SECONDS.toNanos(IDLE_SECONDS);
    }

    /** Returns when the file was written last, so that its age does not depend on when it is put aside. */
    private Instant lastWritten() {
        Instant now = clock.instant();
        Instant written = LogFiles.lastWritten(files.active());
        return written.isBefore(now) ? written : now;
    }

    private LocalDate today() {
        return LocalDate.ofInstant(clock.instant(), clock.getZone());
    }

    private AppendedLines open() {
        return Files.exists(files.active())
                ? AppendedLines.openAfterCrash(files.active(), LogLines.START, LogLines::isWhole, maxLineBytes)
                : AppendedLines.open(files.active(), 0, true);
    }

    private Optional<LocalDate> dayOfFirstLine() {
        try (LineReader first = LineReader.open(files.active(), maxLineBytes)) {
            return first.next()
                    ? Optional.of(
                            LocalDate.ofInstant(LogLines.head(first.bytes()).time(), clock.getZone()))
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            log.debug("The first line of {} does not tell its day", files.active(), e);
            return Optional.of(today());
        }
    }

    /** What the thread does in its turn. */
    private abstract static sealed class Job {
        final CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
    }

    private static final class Line extends Job {
        final byte[] bytes;

        Line(byte[] bytes) {
            this.bytes = bytes;
        }
    }

    private static final class Task extends Job {
        final Runnable work;

        Task(Runnable work) {
            this.work = work;
        }
    }
}
