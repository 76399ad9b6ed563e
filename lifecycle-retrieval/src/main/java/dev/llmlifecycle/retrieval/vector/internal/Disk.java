package dev.llmlifecycle.retrieval.vector.internal;

import java.io.IOException;
import java.nio.file.Path;

/**
 * What is done to files and can be refused by a disk that is full or fails; tests put such a disk in the place of the
 * local one.
 *
 * <p>Implementations must be safe for use by many threads.
 *
 * @since 0.1
 */
public interface Disk {

    /**
     * Opens a file for writing.
     *
     * @param file the file, which is created when it is missing; its directory must exist
     * @return the open file, at its end
     * @throws IOException when it cannot be opened
     */
    WritableFile open(Path file) throws IOException;

    /**
     * Gives a file another name in its directory, in one step.
     *
     * @param from the file
     * @param to the new name, replacing what has it
     * @throws IOException when it cannot be moved
     */
    void move(Path from, Path to) throws IOException;

    /**
     * Removes a file, if it is there.
     *
     * @param file the file
     * @throws IOException when it cannot be removed, as some systems refuse while it is mapped
     */
    void delete(Path file) throws IOException;

    /**
     * Makes new names in a directory survive a crash, where the platform can.
     *
     * @param directory the directory
     */
    void forceDirectory(Path directory);

    /**
     * Returns the disks of this machine.
     *
     * @return the default file system
     */
    static Disk local() {
        return LocalDisk.INSTANCE;
    }
}
