package dev.llmlifecycle.core.release;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Objects;

import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.release.JournalEntry;
import dev.llmlifecycle.api.release.JournalSignature;

/** Signs journal entries by Ed25519 (RFC 8032), and checks signatures. Thread-safe. */
final class JournalSigner {

    private static final String ALGORITHM = "Ed25519";
    private static final String DOMAIN = "dev.llmlifecycle/journal-entry/1";

    private final String keyId;
    private final PrivateKey key;

    /**
     * Takes a key, and tries it.
     *
     * @throws IllegalArgumentException when it is no Ed25519 key, or the id is blank
     */
    JournalSigner(String keyId, PrivateKey key) {
        this.keyId = requireKeyId(keyId);
        this.key = Objects.requireNonNull(key, "key");
        try {
            Signature.getInstance(ALGORITHM).initSign(key);
        } catch (GeneralSecurityException e) {
            throw noKey(keyId, e);
        }
    }

    JournalEntry sign(JournalEntry entry) {
        try {
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initSign(key);
            signature.update(message(keyId, entry.hash()));
            return entry.signed(JournalSignature.of(keyId, signature.sign()));
        } catch (GeneralSecurityException e) {
            throw new LifecycleException(
                    "Signing journal entry " + entry.revision() + " with the key '" + keyId
                            + "' failed; check the key and its provider",
                    e);
        }
    }

    static void requirePublicKey(String keyId, PublicKey key) {
        try {
            Signature.getInstance(ALGORITHM).initVerify(Objects.requireNonNull(key, "key"));
        } catch (GeneralSecurityException e) {
            throw noKey(requireKeyId(keyId), e);
        }
    }

    /** Tells whether a signature was made over a hash by the owner of a key. */
    static boolean fits(JournalSignature given, Hash hash, PublicKey key) {
        try {
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initVerify(key);
            signature.update(message(given.keyId(), hash));
            return signature.verify(given.bytes());
        } catch (GeneralSecurityException e) {
            // Bytes that are no signature at all are reported so, too.
            return false;
        }
    }

    /** What is signed: it names its purpose and the key, so that a signature cannot be taken for another. */
    private static byte[] message(String keyId, Hash hash) {
        return (DOMAIN + "\n" + keyId + "\n" + hash.hex()).getBytes(StandardCharsets.UTF_8);
    }

    private static String requireKeyId(String keyId) {
        if (Objects.requireNonNull(keyId, "keyId").isBlank()) {
            throw new IllegalArgumentException("the id of a journal key is blank; name it, such as '2026-01'");
        }
        return keyId;
    }

    private static IllegalArgumentException noKey(String keyId, GeneralSecurityException cause) {
        return new IllegalArgumentException(
                "the journal key '" + keyId + "' is no Ed25519 key; make one with 'openssl genpkey -algorithm ed25519'",
                cause);
    }
}
