package dev.llmlifecycle.retrieval.vector;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import dev.llmlifecycle.api.LifecycleException;

/**
 * The right to write into an index directory, which one process has at a time; the lock file stays, its lock does not.
 */
final class WriterLock implements AutoCloseable {

    static final String FILE = "passages.lock";

    private static final long PAUSE_MILLIS = 50;

    private final Path file;
    private final FileChannel channel;

    private WriterLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** Waits for the lock as long as the patience lasts; zero tries once. */
    static WriterLock acquire(Path directory, Duration patience) {
        Path file = directory.resolve(FILE);
        long deadline = System.nanoTime() + patience.toNanos();
        try {
            while (true) {
                Optional<WriterLock> lock = tryAcquire(file);
                if (lock.isPresent()) {
                    return lock.get();
                }
                if (System.nanoTime() - deadline >= 0) {
                    throw new LifecycleException(
                            "Locking " + file
                                    + " failed: another index is writing there; wait until it is done or use another directory");
                }
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            }
        } catch (IOException e) {
            throw new LifecycleException("Locking " + file + " failed; check that the directory can be written to", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LifecycleException("Waiting for the lock " + file + " was interrupted; ingest again", e);
        }
    }

    private static Optional<WriterLock> tryAcquire(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() != null) {
                return Optional.of(new WriterLock(file, channel));
            }
        } catch (OverlappingFileLockException e) {
            // This same process writes: the answer is the same as for another one.
        }
        channel.close();
        return Optional.empty();
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new LifecycleException("Unlocking " + file + " failed; check the file system", e);
        }
    }
}
