package dev.llmlifecycle.core.monitoring;

import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.GZIPOutputStream;

import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.monitoring.InteractionStore;
import dev.llmlifecycle.core.internal.DurableFiles;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is done to full files: they are compressed, they are removed in the end, users are erased from them. One thread
 * does one of it at a time, while the writer goes on.
 */
final class LogUpkeep implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(LogUpkeep.class);
    private static final int BUFFER = 1 << 16;

    private final LogFiles files;
    private final boolean compress;
    private final Optional<Duration> maxAge;
    private final OptionalLong maxTotalBytes;
    private final Clock clock;
    private final ExecutorService thread;
    private final AtomicBoolean tidyIsDue = new AtomicBoolean();
    private volatile boolean closed;

    LogUpkeep(JsonLinesInteractionLog.Builder settings, LogFiles files) {
        this.files = files;
        this.compress = settings.compress();
        this.maxAge = settings.maxAge();
        this.maxTotalBytes = settings.maxTotalBytes();
        this.clock = settings.clock();
        this.thread = Executors.newSingleThreadExecutor(work -> {
            Thread worker = new Thread(work, "interaction-log-upkeep");
            worker.setDaemon(true);
            return worker;
        });
    }

    /** Compresses and removes what is due, soon. */
    void tidy() {
        if (!tidyIsDue.getAndSet(true)) {
            try {
                thread.execute(() -> {
                    tidyIsDue.set(false);
                    tidyNow();
                });
            } catch (RejectedExecutionException e) {
                log.debug("{} is closed; what is due is done when it is opened again", files.active(), e);
            }
        }
    }

    /** Erases a person from the full files. */
    InteractionStore.Erasure erase(Person person) {
        Future<InteractionStore.Erasure> erasure;
        try {
            erasure = thread.submit(() -> LogErasure.erase(files, person));
        } catch (RejectedExecutionException e) {
            throw new IllegalStateException("the interaction log " + files.active() + " is closed; build a new one", e);
        }
        try {
            return erasure.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LifecycleException(
                    "Waiting for an erasure from " + files.active() + " was interrupted; it goes on", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof LifecycleException failure
                    ? failure
                    : new LifecycleException(
                            "Erasing a user from " + files.active() + " failed; see the cause, and erase again",
                            e.getCause());
        }
    }

    /** Ends the thread; an erasure is done before, a compression is left for the next time. */
    @Override
    public void close() {
        closed = true;
        thread.shutdown();
        boolean interrupted = false;
        boolean done = false;
        while (!done) {
            try {
                done = thread.awaitTermination(1, TimeUnit.HOURS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void tidyNow() {
        try {
            remove();
            if (compress) {
                for (String stamp : files.stamps()) {
                    compress(stamp);
                }
                remove();
            }
        } catch (CancellationException e) {
            log.debug("{} is closed; compressing goes on when it is opened again", files.active(), e);
        } catch (LifecycleException e) {
            log.warn("The full files of {} are not tidied up; it is tried again with the next one", files.active(), e);
        }
    }

    private void compress(String stamp) {
        Path plain = files.plain(stamp);
        if (Files.exists(plain)) {
            DurableFiles.write(files.compressed(stamp), out -> {
                try (InputStream in = Files.newInputStream(plain);
                        OutputStream gzip = new GZIPOutputStream(out, BUFFER)) {
                    byte[] buffer = new byte[BUFFER];
                    for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                        if (closed) {
                            throw new CancellationException("the log is being closed");
                        }
                        gzip.write(buffer, 0, read);
                    }
                }
            });
            LogFiles.delete(plain);
        }
    }

    private void remove() {
        List<String> stamps = files.stamps();
        Instant now = clock.instant();
        long total = Math.max(0, LogFiles.sizeOf(files.active()));
        for (String stamp : stamps) {
            total += files.sizeOf(stamp);
        }
        for (String stamp : stamps) {
            boolean old = maxAge.isPresent() && LogFiles.time(stamp).isBefore(now.minus(maxAge.get()));
            boolean tooMuch = maxTotalBytes.isPresent() && total > maxTotalBytes.getAsLong();
            if (old || tooMuch) {
                total -= files.sizeOf(stamp);
                files.remove(stamp);
                log.debug("{} of {} has been removed, as its retention says", stamp, files.active());
            }
        }
    }
}
