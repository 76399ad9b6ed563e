package dev.llmlifecycle.api.identity;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * A SHA-256 digest, written as 64 lower-case hexadecimal digits.
 *
 * <p>Immutable.
 *
 * @param hex the digest, 64 characters of {@code 0-9a-f}
 * @since 0.1
 */
public record Hash(String hex) implements Comparable<Hash> {

    private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");

    /** Checks the digits. */
    public Hash {
        Objects.requireNonNull(hex, "hex");
        if (!HEX.matcher(hex).matches()) {
            throw new IllegalArgumentException("a hash must be 64 lower-case hexadecimal digits but was '" + hex
                    + "'; take it from Hash.hex() or a file name");
        }
    }

    /**
     * Hashes bytes.
     *
     * @param bytes what to hash
     * @return its SHA-256
     */
    public static Hash ofBytes(byte[] bytes) {
        try {
            return new Hash(HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform must offer SHA-256", e);
        }
    }

    /**
     * Hashes text in UTF-8.
     *
     * @param text what to hash; a lone surrogate counts as a question mark
     * @return its SHA-256
     */
    public static Hash ofUtf8(String text) {
        return ofBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Hashes a value by its {@linkplain CanonicalJson canonical JSON}.
     *
     * @param value a value that {@link CanonicalJson#write} accepts
     * @return the SHA-256 of its canonical JSON in UTF-8
     */
    public static Hash ofCanonicalJson(Object value) {
        return ofUtf8(CanonicalJson.write(value));
    }

    /**
     * Returns the first twelve digits, for people.
     *
     * @return a prefix that is unique in practice, never to be used as a key
     */
    public String shortForm() {
        return hex.substring(0, 12);
    }

    /** Orders by the digits. */
    @Override
    public int compareTo(Hash other) {
        return hex.compareTo(other.hex);
    }

    /** Returns the digits. */
    @Override
    public String toString() {
        return hex;
    }
}
