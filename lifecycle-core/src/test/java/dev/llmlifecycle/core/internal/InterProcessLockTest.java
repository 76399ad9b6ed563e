package dev.llmlifecycle.core.internal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import dev.llmlifecycle.api.LifecycleException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

final class InterProcessLockTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    private Path temporary;

    @Test
    void letsOneHoldItAtATime() {
        InterProcessLock first =
                InterProcessLock.tryAcquire(file(), Duration.ZERO).orElseThrow();

        assertThat(InterProcessLock.tryAcquire(file(), Duration.ZERO)).isEmpty();
        assertThat(InterProcessLock.tryAcquire(file(), Duration.ofMillis(5))).isEmpty();
        first.close();
        first.close();
        InterProcessLock.tryAcquire(file(), Duration.ZERO).orElseThrow().close();
    }

    @Test
    void knowsTheFileByEveryPathToIt() throws IOException {
        Path alias = Files.createSymbolicLink(temporary.resolve("alias"), Files.createDirectory(directory()));
        InterProcessLock first =
                InterProcessLock.tryAcquire(file(), Duration.ZERO).orElseThrow();

        assertThat(InterProcessLock.tryAcquire(alias.resolve(".lock"), Duration.ZERO))
                .isEmpty();
        first.close();
    }

    @Test
    void waitsForSomeoneOutsideThisClass() throws IOException {
        Files.createDirectories(directory());
        try (FileChannel channel = FileChannel.open(file(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock held = channel.lock()) {
            assertThat(held.isValid()).isTrue();
            assertThat(InterProcessLock.tryAcquire(file(), Duration.ofMillis(5)))
                    .isEmpty();
        }
        InterProcessLock.tryAcquire(file(), Duration.ZERO).orElseThrow().close();
    }

    @Test
    void excludesThreads() throws Exception {
        int threads = 4;
        int each = 25;
        int[] counter = {0};
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> futures = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                futures.add(executor.submit(() -> {
                    for (int j = 0; j < each; j++) {
                        InterProcessLock.holding(file(), LONG, () -> counter[0]++);
                    }
                }));
            }
            for (Future<?> future : futures) {
                future.get(60, TimeUnit.SECONDS);
            }
        } finally {
            executor.shutdownNow();
        }
        assertThat(counter[0]).isEqualTo(threads * each);
    }

    @Test
    void isReleasedWhenTheWorkFails() {
        assertThatIllegalStateException()
                .isThrownBy(() -> InterProcessLock.holding(file(), LONG, () -> {
                    throw new IllegalStateException("work");
                }))
                .withMessage("work");

        assertThat(InterProcessLock.<String>holding(file(), Duration.ZERO, () -> "done"))
                .isEqualTo("done");
    }

    @Test
    void keepsTheFlagOfAnInterruptedThread() {
        Thread.currentThread().interrupt();
        try {
            assertThatExceptionOfType(LifecycleException.class)
                    .isThrownBy(() -> InterProcessLock.tryAcquire(file(), LONG));
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        InterProcessLock.tryAcquire(file(), Duration.ZERO).orElseThrow().close();
    }

    @Test
    void saysThatAFileCannotBeLocked() throws IOException {
        Files.createDirectories(file());

        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(() -> InterProcessLock.tryAcquire(file(), Duration.ZERO))
                .withMessageStartingWith("Locking " + file() + " failed (");
    }

    private Path directory() {
        return temporary.resolve("directory");
    }

    private Path file() {
        return directory().resolve(".lock");
    }
}
