package dev.llmlifecycle.core.internal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

import dev.llmlifecycle.api.LifecycleException;
import org.jspecify.annotations.Nullable;

/**
 * Exclusion among all threads of all processes that name the same lock file.
 *
 * <p>The system grants a file lock to a whole JVM, and may drop it when the JVM closes any channel on the file. So the
 * threads of one JVM first queue for the path, fairly, and only the one whose turn it is opens the file. That queue
 * must be one for the JVM, which makes it the one static table of this module; it holds paths in use only.
 *
 * <p>Thread-safe; it may be closed by another thread than the one that acquired it.
 *
 * @since 0.1
 */
public final class InterProcessLock implements AutoCloseable {

    private static final ConcurrentMap<Path, Queue> QUEUES = new ConcurrentHashMap<>();
    private static final long FIRST_PAUSE_MILLIS = 1;
    private static final long LONGEST_PAUSE_MILLIS = 20;

    private final Path key;
    private final Queue queue;
    private final FileChannel channel;
    private final AtomicBoolean closed = new AtomicBoolean();

    private InterProcessLock(Path key, Queue queue, FileChannel channel) {
        this.key = key;
        this.queue = queue;
        this.channel = channel;
    }

    /**
     * Acquires the lock.
     *
     * @param file the lock file; it and its directory are created when they are missing, and it is never removed
     * @param patience how long to wait, zero to try once
     * @return the lock, or nothing when another thread or process holds it
     * @throws LifecycleException when the file cannot be opened or the thread is interrupted
     */
    public static Optional<InterProcessLock> tryAcquire(Path file, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        Path directory = DurableFiles.directoryOf(file);
        DurableFiles.createDirectories(directory);
        Path key = keyOf(directory, file);
        Queue queue = enter(key);
        boolean turn = false;
        InterProcessLock lock = null;
        try {
            turn = queue.turn.tryAcquire(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
            if (turn) {
                lock = lockFile(key, queue, deadline);
            }
            return Optional.ofNullable(lock);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LifecycleException("Waiting for the lock " + file + " was interrupted; try again", e);
        } catch (IOException e) {
            throw new LifecycleException(
                    "Locking " + file + " failed (" + e.getClass().getSimpleName()
                            + "); check the permissions of its directory, and that its file system has locks",
                    e);
        } finally {
            if (lock == null) {
                if (turn) {
                    queue.turn.release();
                }
                leave(key);
            }
        }
    }

    /**
     * Does something while holding the lock.
     *
     * @param file the lock file
     * @param patience how long to wait
     * @param work what to do
     * @param <T> what comes of it
     * @return what comes of it
     * @throws LifecycleException when another holds the lock for longer than that
     */
    @SuppressWarnings("try") // javac wants the resource to be used inside
    public static <T> T holding(Path file, Duration patience, Supplier<T> work) {
        try (InterProcessLock held = tryAcquire(file, patience)
                .orElseThrow(() -> new LifecycleException("Locking " + file + " took longer than " + patience
                        + "; another process holds it: wait for it, or raise lockTimeout"))) {
            return work.get();
        }
    }

    /** Releases the lock; a second call does nothing. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            channel.close();
        } catch (IOException e) {
            throw new LifecycleException("Releasing the lock " + key + " failed; check its file system", e);
        } finally {
            queue.turn.release();
            leave(key);
        }
    }

    private static Path keyOf(Path directory, Path file) {
        Path name = file.toAbsolutePath().getFileName();
        try {
            return directory.toRealPath().resolve(name);
        } catch (IOException e) {
            throw new LifecycleException("Resolving " + directory + " failed; check that it can be read", e);
        }
    }

    private static @Nullable InterProcessLock lockFile(Path key, Queue queue, long deadline)
            throws IOException, InterruptedException {
        FileChannel channel = FileChannel.open(key, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        boolean locked = false;
        try {
            long pause = FIRST_PAUSE_MILLIS;
            while (true) {
                locked = tryLock(channel);
                if (locked) {
                    return new InterProcessLock(key, queue, channel);
                }
                if (System.nanoTime() - deadline >= 0) {
                    return null;
                }
                TimeUnit.MILLISECONDS.sleep(pause);
                pause = Math.min(LONGEST_PAUSE_MILLIS, pause * 2);
            }
        } finally {
            if (!locked) {
                channel.close();
            }
        }
    }

    private static boolean tryLock(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            // A second copy of this class, in another class loader, holds it.
            return false;
        }
    }

    private static Queue enter(Path key) {
        return QUEUES.compute(key, (path, queue) -> {
            Queue entered = queue == null ? new Queue() : queue;
            entered.users++;
            return entered;
        });
    }

    private static void leave(Path key) {
        QUEUES.computeIfPresent(key, (path, queue) -> --queue.users == 0 ? null : queue);
    }

    /** Who waits for one path; {@code users} changes inside the table's atomic operations only. */
    private static final class Queue {
        private final Semaphore turn = new Semaphore(1, true);
        private int users;
    }
}
