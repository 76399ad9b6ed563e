package dev.llmlifecycle.core.internal;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
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
    private static final String TEMPORARY = ".tmp";

    private DurableFiles() {}

    /**
     * Writes a file, replacing the one that is there.
     *
     * @param file the file; its directory is created when it is missing
     * @param bytes its new content
     * @throws LifecycleException when it cannot be written; the old file is then untouched
     */
    public static void write(Path file, byte[] bytes) {
        write(file, out -> out.write(bytes));
    }

    /**
     * Writes a file piece by piece, replacing the one that is there.
     *
     * @param file the file; its directory is created when it is missing
     * @param content writes its new content; what it throws is thrown, and the old file is then untouched
     * @throws LifecycleException when it cannot be written; the old file is then untouched
     */
    public static void write(Path file, Content content) {
        Path directory = directoryOf(file);
        createDirectories(directory);
        Path temporary = directory.resolve("." + file.getFileName() + "."
                + ProcessHandle.current().pid() + "-" + Thread.currentThread().getId() + "-" + System.nanoTime()
                + TEMPORARY);
        try {
            try (FileChannel channel =
                    FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                content.writeTo(new Unclosed(Channels.newOutputStream(channel)));
                channel.force(true);
            }
            move(temporary, file);
        } catch (IOException e) {
            LifecycleException failure = new LifecycleException(
                    "Writing " + file + " failed (" + e.getClass().getSimpleName()
                            + "); check free space and permissions of its directory",
                    e);
            discard(temporary, failure);
            throw failure;
        } catch (RuntimeException e) {
            discard(temporary, e);
            throw e;
        }
        forceDirectory(directory);
    }

    /**
     * Tells whether a file is what a crash left of writing another one.
     *
     * @param file the file that may be left
     * @param prefix how the names of the other files begin
     * @return true when nobody needs it any more, unless it is being written now
     */
    public static boolean isTemporary(Path file, String prefix) {
        String name = file.getFileName().toString();
        return name.startsWith("." + prefix) && name.endsWith(TEMPORARY);
    }

    /**
     * Gives a file another name in its directory.
     *
     * @param from the file
     * @param to the new name, replacing what has it
     * @throws LifecycleException when it cannot be moved
     */
    public static void rename(Path from, Path to) {
        try {
            move(from, to);
        } catch (IOException e) {
            throw new LifecycleException(
                    "Renaming " + from + " to " + to.getFileName() + " failed ("
                            + e.getClass().getSimpleName() + "); check the permissions of its directory",
                    e);
        }
        forceDirectory(directoryOf(to));
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

    private static void discard(Path temporary, RuntimeException failure) {
        try {
            Files.deleteIfExists(temporary);
        } catch (IOException left) {
            failure.addSuppressed(left);
        }
    }

    private static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            log.debug("{} is on a file system without atomic moves", to, e);
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Writes the content of a file. */
    @FunctionalInterface
    public interface Content {

        /**
         * Writes all of it.
         *
         * @param out where to, unbuffered; closing it changes nothing
         * @throws IOException when it cannot be written
         */
        void writeTo(OutputStream out) throws IOException;
    }

    /** Leaves the file open when what is stacked upon it is closed, so that it can still be forced to the disk. */
    private static final class Unclosed extends FilterOutputStream {

        Unclosed(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
        }

        @Override
        public void close() throws IOException {
            out.flush();
        }
    }
}
