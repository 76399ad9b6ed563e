package dev.llmlifecycle.retrieval.vector.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Replaces whole files, so that a crash at any byte leaves either the old one or the new one.
 *
 * @since 0.1
 */
public final class AtomicFile {

    private AtomicFile() {}

    /**
     * Writes a file beside the one that is there, forces it to the disk and moves it over the old one.
     *
     * @param disk where to write
     * @param file the file; its directory must exist
     * @param content writes the content
     * @throws IOException when it cannot be written; the old file is then untouched
     */
    public static void write(Disk disk, Path file, Content content) throws IOException {
        Path temporary = temporary(file);
        try {
            try (WritableFile out = disk.open(temporary)) {
                if (out.size() > 0) {
                    out.truncate(0);
                }
                content.writeTo(out);
                out.force();
            }
            disk.move(temporary, file);
        } catch (IOException | RuntimeException e) {
            // Gives back the space that a full disk may lack.
            try {
                disk.delete(temporary);
            } catch (IOException left) {
                e.addSuppressed(left);
            }
            throw e;
        }
        disk.forceDirectory(directoryOf(file));
    }

    /**
     * Returns the name of the file while it is written, which a crash leaves.
     *
     * @param file the file
     * @return the file beside it
     */
    public static Path temporary(Path file) {
        return file.resolveSibling(file.getFileName() + ".tmp");
    }

    /** Returns the absolute directory that a file is in. */
    static Path directoryOf(Path file) {
        return Objects.requireNonNull(file.toAbsolutePath().getParent(), "a file has a directory");
    }

    /** Writes the content of a file. */
    @FunctionalInterface
    public interface Content {

        /**
         * Writes all of it.
         *
         * @param out where to
         * @throws IOException when it cannot be written
         */
        void writeTo(WritableFile out) throws IOException;
    }
}
