package dev.llmlifecycle.retrieval.vector.internal;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Reads the numbers out of what hnswlib-core 1.2.1 writes when it saves an index.
 *
 * <p>That is Java serialisation (Java Object Serialization Specification, chapter 6): one object that writes its own
 * data. Here it is parsed as a format. No class is loaded and no object made, and it never comes from a file: the bytes
 * are {@link Bytes of our own memory}.
 */
final class HnswStream {

    private static final short MAGIC = (short) 0xACED;
    private static final short VERSION = 5;
    private static final byte NULL = 0x70;
    private static final byte REFERENCE = 0x71;
    private static final byte CLASS_DESCRIPTION = 0x72;
    private static final byte OBJECT = 0x73;
    private static final byte STRING = 0x74;
    private static final byte BLOCK = 0x77;
    private static final byte END_OF_BLOCKS = 0x78;
    private static final byte LONG_BLOCK = 0x7A;

    private final ByteBuffer bytes;
    private int leftInBlock;

    HnswStream(Bytes bytes, String className) {
        this.bytes = bytes.buffer();
        expect(this.bytes.getShort() == MAGIC && this.bytes.getShort() == VERSION, "its head");
        expect(this.bytes.get() == OBJECT, "its object");
        expect(className.equals(classDescription()), "the class " + className);
    }

    /** Where the index is saved to, without the copies that {@link ByteArrayOutputStream} makes of its own. */
    static final class Bytes extends ByteArrayOutputStream {

        Bytes(int expected) {
            super(expected);
        }

        private ByteBuffer buffer() {
            return ByteBuffer.wrap(buf, 0, count);
        }
    }

    int readInt() {
        if (leftInBlock >= Integer.BYTES) {
            leftInBlock -= Integer.BYTES;
            return bytes.getInt();
        }
        int value = 0;
        for (int i = 0; i < Integer.BYTES; i++) {
            value = value << 8 | (readByte() & 0xff);
        }
        return value;
    }

    byte readByte() {
        while (leftInBlock == 0) {
            byte kind = bytes.get();
            expect(kind == BLOCK || kind == LONG_BLOCK, "more numbers");
            leftInBlock = kind == BLOCK ? bytes.get() & 0xff : bytes.getInt();
        }
        leftInBlock--;
        return bytes.get();
    }

    void skip(int count) {
        for (int i = 0; i < count; i++) {
            readByte();
        }
    }

    /** Skips an object that has no fields. */
    void skipObject() {
        expect(leftInBlock == 0 && bytes.get() == OBJECT, "an object without fields");
        classDescription();
    }

    private String classDescription() {
        expect(bytes.get() == CLASS_DESCRIPTION, "a class");
        String name = utf();
        bytes.position(bytes.position() + Long.BYTES + 1);
        int fields = bytes.getShort();
        for (int i = 0; i < fields; i++) {
            byte type = bytes.get();
            utf();
            if (type == 'L' || type == '[') {
                if (bytes.get() == STRING) {
                    utf();
                } else {
                    expect(bytes.get(bytes.position() - 1) == REFERENCE, "the type of a field");
                    bytes.getInt();
                }
            }
        }
        expect(bytes.get() == END_OF_BLOCKS && bytes.get() == NULL, "a class of its own");
        return name;
    }

    private String utf() {
        byte[] text = new byte[bytes.getShort() & 0xffff];
        bytes.get(text);
        return new String(text, StandardCharsets.UTF_8);
    }

    private static void expect(boolean holds, String what) {
        if (!holds) {
            throw new IllegalStateException("Reading the graph back from hnswlib-core failed: the stream has not "
                    + what + " where version 1.2.1 has it; use hnswlib-core 1.2.1");
        }
    }
}
