package dev.llmlifecycle.core.release.internal;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

import dev.llmlifecycle.api.identity.CanonicalJson;
import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.release.JournalEntry;
import dev.llmlifecycle.api.release.JournalEvent;
import dev.llmlifecycle.api.release.JournalSignature;
import dev.llmlifecycle.core.internal.JsonObject;

/**
 * The one-line text of a journal entry in stores: its canonical JSON with format, hash and signature.
 *
 * <p>Format 1 knew promotions and rollbacks with no more evidence than the verdict's hash, and no signatures. A line is
 * taken only as it was written, so that nothing can hide in it that the hash does not cover.
 *
 * <p>Thread-safe.
 *
 * @since 0.1
 */
public final class JournalLines {

    /** The format of the lines that are written. */
    public static final int FORMAT = 2;

    private JournalLines() {}

    /**
     * Writes an entry.
     *
     * @param entry the entry
     * @return one line, without a line feed
     */
    public static String write(JournalEntry entry) {
        return write(entry, FORMAT);
    }

    /**
     * Reads an entry and checks it against its own hash.
     *
     * @param line what was written
     * @return the entry
     * @throws IllegalArgumentException when it does not fit; the message says why
     */
    public static JournalEntry read(String line) {
        Parsed parsed = parse(line);
        parsed.problem().ifPresent(problem -> {
            throw new IllegalArgumentException(problem);
        });
        return parsed.entry();
    }

    /**
     * Reads an entry, and tells whether it was changed since it was written.
     *
     * @param line what was written, or what became of it
     * @return the entry as the line has it
     * @throws IllegalArgumentException when it cannot be read as an entry at all
     */
    public static Parsed parse(String line) {
        JsonObject json = JsonObject.parse(line);
        json.requireFormat(FORMAT);
        JournalEntry entry = new JournalEntry(
                json.longInteger("revision"),
                json.instant("at"),
                json.text("actor"),
                json.text("reason"),
                event(json),
                json.optional("previousMove", json::hash),
                json.optional("signature", json::object)
                        .map(signature -> new JournalSignature(signature.text("keyId"), signature.text("value"))));
        return new Parsed(entry, problem(line, json.integer("format"), entry, json.hash("hash")));
    }

    private static Optional<String> problem(String line, int format, JournalEntry entry, Hash recorded) {
        Optional<String> otherHash = StoredReleases.otherHash(entry.hash(), recorded);
        if (otherHash.isPresent()) {
            return otherHash;
        }
        if (format == 1 && !isOfFormat1(entry)) {
            return Optional.of("it has the format 1, which knows no such entry");
        }
        return write(entry, format).equals(line.strip())
                ? Optional.empty()
                : Optional.of("it is not in the form that it was written in");
    }

    /**
     * A line that can be read.
     *
     * @param entry the entry as the line has it
     * @param problem why it is not the entry that was written, if so
     */
    public record Parsed(JournalEntry entry, Optional<String> problem) {

        /** Checks the parts. */
        public Parsed {
            Objects.requireNonNull(entry, "entry");
            Objects.requireNonNull(problem, "problem");
        }
    }

    private static String write(JournalEntry entry, int format) {
        Map<String, Object> line = new HashMap<>(entry.toCanonical());
        line.put("format", format);
        line.put("hash", entry.hash().hex());
        entry.signature().ifPresent(signature -> line.put("signature", signature.toCanonical()));
        return CanonicalJson.write(line);
    }

    private static JournalEvent event(JsonObject json) {
        return switch (json.text("kind")) {
            case "PROMOTE", "ROLLBACK", "OVERRIDE" ->
                new JournalEvent.Moved(
                        json.constant("kind", JournalEvent.Moved.Kind.class),
                        json.text("label"),
                        json.optional("from", json::hash),
                        json.hash("to"),
                        json.optional("verdict", json::hash)
                                .map(verdict -> new JournalEvent.Evidence(
                                        verdict,
                                        json.optional("dataset", json::hash),
                                        json.optional("rows", json::hash))));
            case "PROPOSE" ->
                new JournalEvent.Proposed(
                        json.text("label"), json.optional("from", json::hash), json.hash("to"), json.texts("changes"));
            case "APPROVE" ->
                new JournalEvent.Approved(json.text("label"), json.optional("from", json::hash), json.hash("to"));
            case "REGISTER" -> new JournalEvent.PromptRegistered(StoredReleases.pinned(json.object("prompt")));
            case "LABEL" ->
                new JournalEvent.PromptLabelled(StoredReleases.pinned(json.object("prompt")), json.text("promptLabel"));
            default ->
                throw new IllegalArgumentException(
                        "it is of a kind that this version of the library does not" + " know");
        };
    }

    private static boolean isOfFormat1(JournalEntry entry) {
        return entry.signature().isEmpty()
                && entry.event() instanceof JournalEvent.Moved moved
                && moved.kind() != JournalEvent.Moved.Kind.OVERRIDE
                && moved.evidence().flatMap(JournalEvent.Evidence::dataset).isEmpty();
    }
}
