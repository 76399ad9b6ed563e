package dev.llmlifecycle.retrieval.vector.internal;

import java.io.Closeable;
import java.io.IOException;

/**
 * A file that grows at its end.
 *
 * <p>Not thread-safe, but for {@link #force()}, which may run while another thread appends.
 *
 * @since 0.1
 */
public interface WritableFile extends Closeable {

    /**
     * Returns how long it is.
     *
     * @return its bytes
     * @throws IOException when the disk fails
     */
    long size() throws IOException;

    /**
     * Writes at the end.
     *
     * @param bytes an array
     * @param offset where in it the bytes to write begin
     * @param length how many they are
     * @throws IOException when the disk is full or fails; a part of them may be written
     */
    void append(byte[] bytes, int offset, int length) throws IOException;

    /**
     * Writes at the end.
     *
     * @param bytes what to write
     * @throws IOException when the disk is full or fails; a part of them may be written
     */
    default void append(byte[] bytes) throws IOException {
        append(bytes, 0, bytes.length);
    }

    /**
     * Cuts the file.
     *
     * @param size its new length, at most the present one
     * @throws IOException when the disk fails
     */
    void truncate(long size) throws IOException;

    /**
     * Waits until the disk has all that was appended.
     *
     * @throws IOException when it has not
     */
    void force() throws IOException;
}
