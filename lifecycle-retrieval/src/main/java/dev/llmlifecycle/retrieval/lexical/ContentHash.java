package dev.llmlifecycle.retrieval.lexical;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

import dev.llmlifecycle.retrieval.vector.internal.Encoder;

/**
 * 128 bits of a SHA-256 over an entry, or the sum of those of many, in whatever order they came.
 *
 * <p>Equal content has equal sums, so that a sum names a state of an index. It is no protection against forgery.
 */
record ContentHash(long high, long low) {

    static final ContentHash NOTHING = new ContentHash(0, 0);

    static final int BYTES = 2 * Long.BYTES;

    static ContentHash of(LexicalEntry entry) {
        byte[] bytes = new Encoder()
                .string(entry.id())
                .string(entry.segment().text())
                .metadata(entry.segment().metadata())
                .toByteArray();
        try {
            return read(ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(bytes)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JVM has no SHA-256, which every JVM must have", e);
        }
    }

    static ContentHash read(ByteBuffer bytes) {
        return new ContentHash(bytes.getLong(), bytes.getLong());
    }

    byte[] toBytes() {
        return ByteBuffer.allocate(BYTES).putLong(high).putLong(low).array();
    }

    ContentHash plus(ContentHash other) {
        return new ContentHash(high + other.high, low + other.low);
    }

    ContentHash minus(ContentHash other) {
        return new ContentHash(high - other.high, low - other.low);
    }

    String hex() {
        return HexFormat.of().formatHex(toBytes());
    }

    static ContentHash ofHex(String hex) {
        return read(ByteBuffer.wrap(HexFormat.of().parseHex(hex)));
    }
}
