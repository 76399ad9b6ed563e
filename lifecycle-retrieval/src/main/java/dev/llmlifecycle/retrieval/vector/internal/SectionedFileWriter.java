package dev.llmlifecycle.retrieval.vector.internal;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Writes a file of sections: each in blocks that have a checksum, listed in a footer;
 * {@code docs/reference/vector-index-format.md} describes it.
 */
final class SectionedFileWriter {

    static final byte[] MAGIC = "LLMVECSG".getBytes(StandardCharsets.US_ASCII);
    static final int VERSION = 1;
    /** Length of the header, and what sections begin at a multiple of: a cache line. */
    static final int LINE = 64;
    /** Bytes that have one checksum. */
    static final int BLOCK = 1 << 20;

    static final int HEADER_BYTES = MAGIC.length + 2 * Integer.BYTES + Long.BYTES;
    static final int TRAILER_BYTES = 2 * Long.BYTES + 4 * Integer.BYTES;
    static final int END = 0x444E4521;

    private final WritableFile out;
    private final ByteBuffer block = ByteBuffer.allocate(BLOCK).order(ByteOrder.LITTLE_ENDIAN);
    private final Encoder footer;
    private Encoder checksums = new Encoder();
    private long position;

    /** Writes a section. */
    @FunctionalInterface
    interface Content {

        void writeTo(SectionedFileWriter out) throws IOException;
    }

    /**
     * Begins a file.
     *
     * @param out empty
     * @param number of the segment
     * @param properties what a reader has to know before it reads a section
     */
    SectionedFileWriter(WritableFile out, long number, byte[] properties) throws IOException {
        this.out = out;
        this.footer = new Encoder().u32(properties.length).bytes(properties);
        append(new Encoder().bytes(MAGIC).u32(VERSION).u64(number).checksum().toByteArray());
        align();
    }

    void section(int kind, Content content) throws IOException {
        long start = position;
        checksums = new Encoder();
        content.writeTo(this);
        endBlock();
        footer.u32(kind).u64(start).u64(position - start).u32(checksums.size() / Integer.BYTES);
        footer.bytes(checksums.toByteArray());
        align();
    }

    /** Ends the file, forces it and returns the checksum of its footer, which tells it from any other file. */
    int finish() throws IOException {
        byte[] table = footer.toByteArray();
        int checksum = Checksums.of(table, 0, table.length);
        long start = position;
        append(table);
        append(new Encoder()
                .u64(start)
                .u64(start + table.length + TRAILER_BYTES)
                .u32(table.length)
                .u32(checksum)
                .checksum()
                .u32(END)
                .toByteArray());
        out.force();
        return checksum;
    }

    void u8(int value) throws IOException {
        if (!block.hasRemaining()) {
            endBlock();
        }
        block.put((byte) value);
    }

    void u32(int value) throws IOException {
        if (block.remaining() >= Integer.BYTES) {
            block.putInt(value);
        } else {
            for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
                u8(value >>> shift);
            }
        }
    }

    void u64(long value) throws IOException {
        u32((int) value);
        u32((int) (value >>> Integer.SIZE));
    }

    void bytes(byte[] bytes, int offset, int length) throws IOException {
        int from = offset;
        int left = length;
        while (left > 0) {
            if (!block.hasRemaining()) {
                endBlock();
            }
            int some = Math.min(left, block.remaining());
            block.put(bytes, from, some);
            from += some;
            left -= some;
        }
    }

    void floats(float[] values, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            u32(Float.floatToRawIntBits(values[i]));
        }
    }

    /** Returns a stream into the section that is being written. */
    OutputStream stream() {
        return new OutputStream() {

            @Override
            public void write(int value) throws IOException {
                u8(value);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                bytes(bytes, offset, length);
            }
        };
    }

    private void endBlock() throws IOException {
        if (block.position() > 0) {
            byte[] bytes = new byte[block.position()];
            block.get(0, bytes);
            block.clear();
            checksums.u32(Checksums.of(bytes, 0, bytes.length));
            append(bytes);
        }
    }

    private void align() throws IOException {
        append(new byte[(int) (-position & (LINE - 1))]);
    }

    private void append(byte[] bytes) throws IOException {
        out.append(bytes);
        position += bytes.length;
    }
}
