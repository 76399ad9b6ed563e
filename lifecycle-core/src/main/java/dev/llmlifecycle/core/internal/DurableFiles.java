package dev.llmlifecycle.core.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

import dev.llmlifecycle.api.LifecycleException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes whole files so that a crash at any byte leaves either the old file or the new one.
 *
 * <p>Thread-safe.
 *
 * @since 0.1
 */
public final class DurableFiles {

    private static final Logger log = LoggerFactory.getLogger(DurableFiles.class);

    private DurableFiles() {}

    /**
     * Writes a file, replacing the one that is there.
     *
     * @param file the file; its directory is created when it is missing
     * @param bytes its new content
     * @throws LifecycleException when it cannot be written; the old file is then untouched
     */
    public static void write(Path file, byte[] bytes) {
        Path directory = directoryOf(file);
        createDirectories(directory);
        Path temporary = directory.resolve("." + file.getFileName() + "."
                + ProcessHandle.current().pid() + "-" + Thread.currentThread().getId() + "-" + System.nanoTime()
                + ".tmp");
        try {
            try (FileChannel channel =
                    FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                ByteBuffer buffer = ByteBuffer.wrap(bytes);
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
                channel.force(true);
            }
            move(temporary, file);
        } catch (IOException e) {
            LifecycleException failure = new LifecycleException(
                    "Writing " + file + " failed (" + e.getClass().getSimpleName()
                            + "); check free space and permissions of its directory",
                    e);
            try {
                Files.deleteIfExists(temporary);
            } catch (IOException left) {
                failure.addSuppressed(left);
            }
            throw failure;
        }
        forceDirectory(directory);
    }

    /**
     * Creates a directory and those above it.
     *
     * @param directory the directory
     * @throws LifecycleException when it cannot be created
     */
    public static void createDirectories(Path directory) {
        if (Files.isDirectory(directory)) {
            return;
        }
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new LifecycleException(
                    "Creating the directory " + directory + " failed ("
                            + e.getClass().getSimpleName() + "); name a directory in a writable place",
                    e);
        }
    }

    /**
     * Makes new names in a directory survive a crash, where the platform can.
     *
     * @param directory the directory
     */
    public static void forceDirectory(Path directory) {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            // Windows cannot open a directory and needs no such call.
            log.debug("{} cannot be synchronised as a directory on this platform", directory, e);
        }
    }

    /**
     * Returns the directory that a file is in.
     *
     * @param file the file
     * @return its absolute directory
     */
    public static Path directoryOf(Path file) {
        Path parent = file.toAbsolutePath().getParent();
        if (parent == null) {
            throw new IllegalArgumentException(file + " is a root and not a file; name a file");
        }
        return parent;
    }

    private static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            log.debug("{} is on a file system without atomic moves", to, e);
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
