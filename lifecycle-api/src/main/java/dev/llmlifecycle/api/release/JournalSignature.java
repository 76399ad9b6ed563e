package dev.llmlifecycle.api.release;

import java.util.Base64;
import java.util.Map;
import java.util.Objects;

/**
 * A signature of a journal entry: which key made it, and the bytes.
 *
 * <p>Immutable. It says nothing by itself; a verifier that trusts the key says whether it fits the entry.
 *
 * @param keyId names the key, never blank
 * @param value the signature in Base64 with padding
 * @since 0.1
 */
public record JournalSignature(String keyId, String value) {

    /** Checks the parts. */
    public JournalSignature {
        if (Objects.requireNonNull(keyId, "keyId").isBlank()) {
            throw new IllegalArgumentException("the key id of a signature is blank; name the key, such as '2026-01'");
        }
        if (!isCanonical(Objects.requireNonNull(value, "value"))) {
            throw new IllegalArgumentException("the signature by key '" + keyId
                    + "' is not Base64 with padding; take it from JournalSignature.of(keyId, bytes)");
        }
    }

    /**
     * Creates a signature from its bytes.
     *
     * @param keyId names the key
     * @param bytes the signature
     * @return the signature
     */
    public static JournalSignature of(String keyId, byte[] bytes) {
        return new JournalSignature(keyId, Base64.getEncoder().encodeToString(bytes));
    }

    /**
     * Returns the signature.
     *
     * @return a copy
     */
    public byte[] bytes() {
        return Base64.getDecoder().decode(value);
    }

    /**
     * Returns this signature as a canonical value.
     *
     * @return a map for {@link dev.llmlifecycle.api.identity.CanonicalJson}
     */
    public Map<String, Object> toCanonical() {
        return Map.of("keyId", keyId, "value", value);
    }

    /** Several texts decode to the same bytes; only one of them is taken. */
    private static boolean isCanonical(String value) {
        try {
            byte[] bytes = Base64.getDecoder().decode(value);
            return bytes.length > 0 && Base64.getEncoder().encodeToString(bytes).equals(value);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
