package dev.llmlifecycle.core.release;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

import dev.llmlifecycle.api.identity.CanonicalJson;
import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.release.JournalEntry;
import dev.llmlifecycle.api.release.JournalSignature;
import dev.llmlifecycle.api.release.ReleaseStore;
import dev.llmlifecycle.core.internal.JsonObject;

/**
 * The end of a journal at one moment, to be kept elsewhere: what a journal must still contain later.
 *
 * <p>Immutable. Cutting the tail of a journal, or computing all its hashes anew, shows against a head alone. Keep its
 * text where who can write the journal cannot write: in version control, a ticket, another account.
 *
 * <pre>{@code
 * String text = JournalHead.of(store).orElseThrow().toJson();
 * }</pre>
 *
 * @param revision the revision of the last entry
 * @param hash its hash, which covers all entries before
 * @param at when it was written
 * @param signature its signature, if it is signed
 * @since 0.1
 */
public record JournalHead(long revision, Hash hash, Instant at, Optional<JournalSignature> signature) {

    private static final String TYPE = "journal-head";

    /** Checks the parts. */
    public JournalHead {
        Objects.requireNonNull(hash, "hash");
        Objects.requireNonNull(at, "at");
        Objects.requireNonNull(signature, "signature");
        if (revision < 1) {
            throw new IllegalArgumentException(
                    "revisions count from 1 but the head of a journal has " + revision + "; take it from its store");
        }
    }

    /**
     * Takes the head of a journal.
     *
     * @param store the store
     * @return the head, absent when the journal is empty
     */
    public static Optional<JournalHead> of(ReleaseStore store) {
        return store.last().map(JournalHead::of);
    }

    static JournalHead of(JournalEntry last) {
        return new JournalHead(last.revision(), last.hash(), last.at(), last.signature());
    }

    /**
     * Reads a head.
     *
     * @param json what {@link #toJson} wrote
     * @return the head
     * @throws IllegalArgumentException when it is no such text
     */
    public static JournalHead parse(String json) {
        try {
            JsonObject head = JsonObject.parse(json);
            if (!head.text("type").equals(TYPE)) {
                throw new IllegalArgumentException("the field 'type' is not '" + TYPE + "'");
            }
            return new JournalHead(
                    head.longInteger("revision"),
                    head.hash("hash"),
                    head.instant("at"),
                    head.optional("signature", head::object)
                            .map(signature -> new JournalSignature(signature.text("keyId"), signature.text("value"))));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "reading the head of a journal failed: " + e.getMessage()
                            + "; pass the text of JournalHead.toJson()",
                    e);
        }
    }

    /**
     * Writes this head.
     *
     * @return one line of canonical JSON, without a line feed
     */
    public String toJson() {
        Map<String, Object> head =
                new HashMap<>(Map.of("type", TYPE, "revision", revision, "hash", hash.hex(), "at", at.toString()));
        signature.ifPresent(given -> head.put("signature", given.toCanonical()));
        return CanonicalJson.write(head);
    }
}
