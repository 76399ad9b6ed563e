package dev.llmlifecycle.retrieval.vector.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.llmlifecycle.api.LifecycleException;

/**
 * The right to write into an index directory, which one index of one process has at a time.
 *
 * <p>The lock file stays and names the last holder; its lock ends with the process at the latest. The system drops a
 * lock when the process closes any channel on the file, so within this process the table of held files answers, and the
 * file is not opened a second time.
 *
 * <p>Thread-safe.
 *
 * @since 0.1
 */
public final class WriterLock implements AutoCloseable {

    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private static final long PAUSE_MILLIS = 50;
    private static final int LONGEST_NAME = 100;

    private final Path file;
    private final Path key;
    private final FileChannel channel;
    private final AtomicBoolean closed = new AtomicBoolean();

    private WriterLock(Path file, Path key, FileChannel channel) {
        this.file = file;
        this.key = key;
        this.channel = channel;
    }

    /**
     * Waits for the lock.
     *
     * @param file the lock file; it is created when it is missing, its directory must exist
     * @param patience how long to wait; zero tries once
     * @return the lock
     * @throws LifecycleException when another holds it, with its process and since when
     */
    public static WriterLock acquire(Path file, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        try {
            Path key = AtomicFile.directoryOf(file).toRealPath().resolve(file.getFileName());
            while (true) {
                Optional<WriterLock> lock = tryAcquire(file, key);
                if (lock.isPresent()) {
                    return lock.get();
                }
                if (System.nanoTime() - deadline >= 0) {
                    throw new LifecycleException("Locking " + file + " failed: " + holder(file, key)
                            + "; wait until it is done or use another directory");
                }
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            }
        } catch (IOException e) {
            throw new LifecycleException("Locking " + file + " failed; check that the directory can be written to", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LifecycleException("Waiting for the lock " + file + " was interrupted; try again", e);
        }
    }

    private static Optional<WriterLock> tryAcquire(Path file, Path key) throws IOException {
        if (!HELD.add(key)) {
            return Optional.empty();
        }
        Optional<WriterLock> lock = Optional.empty();
        FileChannel channel = null;
        try {
            channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            // A byte far behind the text, as some systems let nobody read what is locked.
            FileLock granted = channel.tryLock(Long.MAX_VALUE - 1, 1, false);
            if (granted != null) {
                channel.write(
                        ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)));
                channel.truncate(channel.position());
                lock = Optional.of(new WriterLock(file, key, channel));
            }
            return lock;
        } finally {
            if (lock.isEmpty()) {
                HELD.remove(key);
                if (channel != null) {
                    channel.close();
                }
            }
        }
    }

    private static String holder(Path file, Path key) throws IOException {
        if (HELD.contains(key)) {
            return "another index of this process has been writing there since " + Files.getLastModifiedTime(file);
        }
        String name = Files.size(file) > LONGEST_NAME
                ? ""
                : Files.readString(file, StandardCharsets.US_ASCII).strip();
        return "process " + (name.isEmpty() ? "unknown" : name) + " has been writing there since "
                + Files.getLastModifiedTime(file);
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            channel.close();
        } catch (IOException e) {
            throw new LifecycleException("Unlocking " + file + " failed; check the file system", e);
        } finally {
            HELD.remove(key);
        }
    }
}
