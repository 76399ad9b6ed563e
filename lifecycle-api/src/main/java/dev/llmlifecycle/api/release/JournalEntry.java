package dev.llmlifecycle.api.release;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

import dev.llmlifecycle.api.identity.Hash;

/**
 * One entry of the audit journal: who did what, when and why, chained to the entry before.
 *
 * <p>Immutable. Each entry holds the hash of the one before, so that a change inside the journal shows. The signature,
 * where there is one, is made over the hash and is not part of it.
 *
 * @param revision counts the entries of one store from 1
 * @param at when, by the clock of who wrote it
 * @param actor who did it, never blank
 * @param reason why, never blank
 * @param event what was done
 * @param previous the hash of the entry before, absent for the first
 * @param signature the signature over the hash of this entry, if it is signed
 * @since 0.1
 */
public record JournalEntry(
        long revision,
        Instant at,
        String actor,
        String reason,
        JournalEvent event,
        Optional<Hash> previous,
        Optional<JournalSignature> signature) {

    /** Checks the parts. */
    public JournalEntry {
        Objects.requireNonNull(at, "at");
        Objects.requireNonNull(event, "event");
        Objects.requireNonNull(previous, "previous");
        Objects.requireNonNull(signature, "signature");
        if (revision < 1) {
            throw new IllegalArgumentException(
                    "revisions count from 1 but this one is " + revision + "; let the store count");
        }
        if (Objects.requireNonNull(actor, "actor").isBlank()
                || Objects.requireNonNull(reason, "reason").isBlank()) {
            throw new IllegalArgumentException(
                    "the journal entry " + event.word() + " has a blank actor or reason; say who does it and why");
        }
    }

    /**
     * Creates the entry that follows another one, without a signature.
     *
     * @param last the last entry of the journal, absent when it is empty
     * @param at when
     * @param actor who did it
     * @param reason why
     * @param event what was done
     * @return the next entry
     */
    public static JournalEntry after(
            Optional<JournalEntry> last, Instant at, String actor, String reason, JournalEvent event) {
        return new JournalEntry(
                last.map(JournalEntry::revision).orElse(0L) + 1,
                at,
                actor,
                reason,
                event,
                last.map(JournalEntry::hash),
                Optional.empty());
    }

    /**
     * Tells whether this entry is the one after another, by revision and hash.
     *
     * @param last the last entry of a journal, absent when it is empty
     * @return true when it may be appended there
     */
    public boolean follows(Optional<JournalEntry> last) {
        return revision == last.map(JournalEntry::revision).orElse(0L) + 1
                && previous.equals(last.map(JournalEntry::hash));
    }

    /**
     * Returns this entry with a signature.
     *
     * @param signature a signature over its hash
     * @return the signed entry, which has the same hash
     */
    public JournalEntry signed(JournalSignature signature) {
        return new JournalEntry(revision, at, actor, reason, event, previous, Optional.of(signature));
    }

    /**
     * Returns the hash over this entry but its signature, the link of the chain.
     *
     * @return equal on every JVM for equal content
     */
    public Hash hash() {
        return Hash.ofCanonicalJson(toCanonical());
    }

    /**
     * Returns this entry but its signature as a canonical value.
     *
     * @return a map for {@link dev.llmlifecycle.api.identity.CanonicalJson}
     */
    public Map<String, Object> toCanonical() {
        Map<String, Object> canonical = new HashMap<>(event.toCanonical());
        canonical.put("revision", revision);
        canonical.put("at", at.toString());
        canonical.put("actor", actor);
        canonical.put("reason", reason);
        // The name is older than the entries that are no moves.
        previous.ifPresent(hash -> canonical.put("previousMove", hash.hex()));
        return canonical;
    }

    /**
     * Returns where a label points after this entry.
     *
     * @return the deployment, if this entry moved a label
     */
    public Optional<Deployment> deployment() {
        return event instanceof JournalEvent.Moved moved
                ? Optional.of(new Deployment(moved.label(), moved.to(), revision, at))
                : Optional.empty();
    }
}
