package dev.llmlifecycle.retrieval.vector.internal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

import dev.langchain4j.data.document.Metadata;
import dev.llmlifecycle.api.identity.Hash;

/**
 * Writes values as little-endian bytes.
 *
 * <p>Not thread-safe.
 *
 * @since 0.1
 */
public final class Encoder {

    static final byte STRING = 1;
    static final byte INTEGER = 2;
    static final byte LONG = 3;
    static final byte FLOAT = 4;
    static final byte DOUBLE = 5;
    static final byte UUID_VALUE = 6;

    private static final int FIRST_CAPACITY = 256;
    private static final int LARGEST = Integer.MAX_VALUE - Long.BYTES;

    private ByteBuffer out = allocate(FIRST_CAPACITY);

    /** Creates an empty one. */
    public Encoder() {}

    /**
     * Writes the lowest byte.
     *
     * @param value the byte
     * @return this
     */
    public Encoder u8(int value) {
        room(1).put((byte) value);
        return this;
    }

    /**
     * Writes four bytes.
     *
     * @param value the number
     * @return this
     */
    public Encoder u32(int value) {
        room(Integer.BYTES).putInt(value);
        return this;
    }

    /**
     * Writes eight bytes.
     *
     * @param value the number
     * @return this
     */
    public Encoder u64(long value) {
        room(Long.BYTES).putLong(value);
        return this;
    }

    /**
     * Writes bytes as they are.
     *
     * @param bytes the bytes
     * @return this
     */
    public Encoder bytes(byte[] bytes) {
        room(bytes.length).put(bytes);
        return this;
    }

    /**
     * Writes the length of a text in UTF-8 and the text.
     *
     * @param text the text
     * @return this
     */
    public Encoder string(String text) {
        byte[] bytes = Wtf8.encode(text);
        return u32(bytes.length).bytes(bytes);
    }

    /** Writes whether there is a text, and the text. */
    Encoder optionalString(Optional<String> text) {
        u8(text.isPresent() ? 1 : 0);
        text.ifPresent(this::string);
        return this;
    }

    /**
     * Writes the 32 bytes of a hash.
     *
     * @param hash the hash
     * @return this
     */
    public Encoder hash(Hash hash) {
        return bytes(HexFormat.of().parseHex(hash.hex()));
    }

    /**
     * Writes the numbers of a vector.
     *
     * @param vector the vector
     * @return this
     */
    public Encoder vector(float[] vector) {
        ByteBuffer target = room(Math.multiplyExact(vector.length, Float.BYTES));
        for (float value : vector) {
            target.putFloat(value);
        }
        return this;
    }

    /**
     * Writes metadata in the order of its keys.
     *
     * @param metadata the metadata
     * @return this
     */
    public Encoder metadata(Metadata metadata) {
        Map<String, Object> sorted = new TreeMap<>(metadata.toMap());
        u32(sorted.size());
        sorted.forEach((key, value) -> string(key).value(key, value));
        return this;
    }

    private void value(String key, Object value) {
        if (value instanceof String text) {
            u8(STRING).string(text);
        } else if (value instanceof Integer number) {
            u8(INTEGER).u32(number);
        } else if (value instanceof Long number) {
            u8(LONG).u64(number);
        } else if (value instanceof Float number) {
            u8(FLOAT).u32(Float.floatToIntBits(number));
        } else if (value instanceof Double number) {
            u8(DOUBLE).u64(Double.doubleToLongBits(number));
        } else if (value instanceof UUID id) {
            u8(UUID_VALUE).u64(id.getMostSignificantBits()).u64(id.getLeastSignificantBits());
        } else {
            throw new IllegalArgumentException(
                    "the metadata '" + key + "' is a " + value.getClass().getName() + "; use a string, number or UUID");
        }
    }

    /**
     * Writes the {@link Checksums checksum} of all that was written so far.
     *
     * @return this
     */
    public Encoder checksum() {
        return u32(Checksums.of(out.duplicate().flip()));
    }

    /**
     * Returns how much was written.
     *
     * @return the number of bytes
     */
    public int size() {
        return out.position();
    }

    /**
     * Returns what was written.
     *
     * @return a copy of the bytes
     */
    public byte[] toByteArray() {
        byte[] bytes = new byte[out.position()];
        out.get(0, bytes);
        return bytes;
    }

    private ByteBuffer room(int bytes) {
        if (out.remaining() < bytes) {
            long least = (long) out.position() + bytes;
            if (least > LARGEST) {
                throw new IllegalArgumentException("what is written at once must take less than " + LARGEST
                        + " bytes but takes " + least + "; write it in several parts");
            }
            out = allocate((int) Math.max(least, Math.min(2L * out.capacity(), LARGEST)))
                    .put(out.flip());
        }
        return out;
    }

    private static ByteBuffer allocate(int capacity) {
        return ByteBuffer.allocate(capacity).order(ByteOrder.LITTLE_ENDIAN);
    }
}
