package dev.llmlifecycle.retrieval.vector.internal;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * CRC-32C (Castagnoli), as RFC 3720 defines it: the checksum of all files of an index.
 *
 * @since 0.1
 */
public final class Checksums {

    private Checksums() {}

    /**
     * Returns the checksum of a part of an array.
     *
     * @param bytes the array
     * @param offset where the part begins
     * @param length how long it is
     * @return its checksum
     */
    public static int of(byte[] bytes, int offset, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, offset, length);
        return (int) crc.getValue();
    }

    /** Returns the checksum of what remains of a buffer, and leaves the buffer as it is. */
    static int of(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.duplicate());
        return (int) crc.getValue();
    }
}
