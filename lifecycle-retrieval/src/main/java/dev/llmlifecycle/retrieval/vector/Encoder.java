package dev.llmlifecycle.retrieval.vector;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

import dev.langchain4j.data.document.Metadata;
import dev.llmlifecycle.api.identity.Hash;

/** Writes values as little-endian bytes. */
final class Encoder {

    static final byte STRING = 1;
    static final byte INTEGER = 2;
    static final byte LONG = 3;
    static final byte FLOAT = 4;
    static final byte DOUBLE = 5;
    static final byte UUID_VALUE = 6;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Encoder u8(int value) {
        out.write(value);
        return this;
    }

    Encoder u32(int value) {
        for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
            out.write(value >>> shift);
        }
        return this;
    }

    Encoder u64(long value) {
        return u32((int) value).u32((int) (value >>> Integer.SIZE));
    }

    Encoder bytes(byte[] bytes) {
        out.writeBytes(bytes);
        return this;
    }

    Encoder string(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return u32(bytes.length).bytes(bytes);
    }

    Encoder hash(Hash hash) {
        return bytes(HexFormat.of().parseHex(hash.hex()));
    }

    Encoder vector(float[] vector) {
        for (float value : vector) {
            u32(Float.floatToIntBits(value));
        }
        return this;
    }

    /** Writes metadata in the order of its keys. */
    Encoder metadata(Metadata metadata) {
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

    int size() {
        return out.size();
    }

    byte[] toByteArray() {
        return out.toByteArray();
    }
}
