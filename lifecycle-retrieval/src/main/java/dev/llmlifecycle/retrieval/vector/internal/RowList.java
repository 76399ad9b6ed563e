package dev.llmlifecycle.retrieval.vector.internal;

import java.nio.ByteBuffer;

/**
 * Some rows in the bytes of a {@link SealedMetadataIndex}: each as a number, or all rows of the segment as bits, if
 * that is not longer.
 */
final class RowList {

    private final int[] rows;
    private final int from;
    private final int to;

    /** Takes some ascending rows. */
    RowList(int[] rows, int from, int to) {
        this.rows = rows;
        this.from = from;
        this.to = to;
    }

    /** Returns how many bytes the rows take in a segment of some size. */
    int bytes(int size) {
        return (int) Math.min((long) Integer.BYTES * (to - from), bitBytes(size));
    }

    void write(ByteBuffer target, int size) {
        if (bytes(size) < bitBytes(size)) {
            for (int i = from; i < to; i++) {
                target.putInt(rows[i]);
            }
        } else {
            RowSet bits = new RowSet(size);
            for (int i = from; i < to; i++) {
                bits.add(rows[i]);
            }
            for (long word : bits.toBits().toWords()) {
                target.putLong(word);
            }
        }
    }

    static void read(ByteBuffer source, int position, int bytes, RowSet target) {
        if (bytes == bitBytes(target.length())) {
            for (int i = 0; i < bytes / Long.BYTES; i++) {
                target.addAll(i, source.getLong(position + i * Long.BYTES));
            }
        } else {
            for (int i = 0; i < bytes; i += Integer.BYTES) {
                target.add(source.getInt(position + i));
            }
        }
    }

    private static long bitBytes(int size) {
        return (size + 63L) / Long.SIZE * Long.BYTES;
    }
}
