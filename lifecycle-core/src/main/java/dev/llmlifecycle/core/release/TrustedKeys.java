package dev.llmlifecycle.core.release;

import java.security.PublicKey;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

import dev.llmlifecycle.api.release.JournalEntry;
import dev.llmlifecycle.api.release.JournalSignature;

/** The public keys that signatures are checked with, and until which revision each. Immutable. */
final class TrustedKeys {

    static final TrustedKeys NONE = new TrustedKeys(Map.of());

    private final Map<String, Trusted> keys;

    private TrustedKeys(Map<String, Trusted> keys) {
        this.keys = Map.copyOf(keys);
    }

    TrustedKeys plus(String keyId, PublicKey key, long lastRevision) {
        JournalSigner.requirePublicKey(keyId, key);
        Map<String, Trusted> more = new HashMap<>(keys);
        if (more.put(keyId, new Trusted(key, lastRevision)) != null) {
            throw new IllegalArgumentException(
                    "the journal key '" + keyId + "' is trusted twice; give every key an id of its own");
        }
        return new TrustedKeys(more);
    }

    boolean isEmpty() {
        return keys.isEmpty();
    }

    /** Tells what is wrong with the signature of an entry, if something is. */
    Optional<Flaw> flaw(JournalEntry entry) {
        if (entry.signature().isEmpty()) {
            return Optional.of(new Flaw(JournalDamage.UNSIGNED, "it is not signed"));
        }
        JournalSignature signature = entry.signature().orElseThrow();
        Trusted trusted = keys.get(signature.keyId());
        if (trusted == null) {
            return Optional.of(new Flaw(
                    JournalDamage.UNKNOWN_KEY,
                    "it is signed with the key '" + signature.keyId() + "' that is not trusted"));
        }
        if (entry.revision() > trusted.lastRevision()) {
            return Optional.of(new Flaw(
                    JournalDamage.UNKNOWN_KEY,
                    "it is signed with the key '" + signature.keyId() + "' that is trusted up to revision "
                            + trusted.lastRevision() + " only"));
        }
        return JournalSigner.fits(signature, entry.hash(), trusted.key())
                ? Optional.empty()
                : Optional.of(new Flaw(
                        JournalDamage.WRONG_SIGNATURE,
                        "its signature was not made over it with the key '" + signature.keyId() + "'"));
    }

    /** What is wrong with a signature. */
    record Flaw(JournalDamage damage, String problem) {}

    private record Trusted(PublicKey key, long lastRevision) {}
}
