package dev.llmlifecycle.core.release;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

import dev.llmlifecycle.api.DamagedDataException;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.release.JournalEntry;
import dev.llmlifecycle.api.release.ReleaseStore;
import dev.llmlifecycle.core.internal.LineReader;
import dev.llmlifecycle.core.release.JournalVerification.Broken;
import dev.llmlifecycle.core.release.JournalVerification.Intact;
import dev.llmlifecycle.core.release.internal.JournalLines;

/**
 * Checks an audit journal, in its store or offline in its file, and names the first bad entry.
 *
 * <p>The chain of hashes shows whatever is changed by hand. Who computes all hashes anew is shown by signatures, which
 * he cannot make, and by a {@linkplain JournalHead head} that was kept elsewhere; a tail that is cut off is shown by a
 * head alone. As a store does, it leaves out a last line that a crash cut short.
 *
 * <pre>{@code
 * JournalVerification found = JournalVerifier.builder()
 *         .trust("2026-01", JournalKeys.readPublicKey(Path.of("journal.pub.pem")))
 *         .expecting(JournalHead.parse(keptElsewhere))
 *         .build()
 *         .verify(Path.of("deployments/deployments.jsonl"));
 * }</pre>
 *
 * <p>Immutable and thread-safe. Damage is an answer and never an exception.
 *
 * @since 0.1
 */
public final class JournalVerifier {

    private static final Comparator<JournalHead> BY_REVISION = Comparator.comparingLong(JournalHead::revision);

    private final TrustedKeys keys;
    private final long signedFrom;
    private final List<JournalHead> expected;

    private JournalVerifier(Builder builder) {
        this.keys = builder.keys;
        this.signedFrom = builder.signedFrom;
        this.expected = builder.expected.stream().sorted(BY_REVISION).toList();
    }

    /**
     * Starts a verifier.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Checks the journal of a store.
     *
     * @param store the store
     * @return what was found; a store that does not read its own journal is broken where it says so
     * @throws LifecycleException when the journal cannot be reached
     */
    public JournalVerification verify(ReleaseStore store) {
        if (store instanceof FileReleaseStore files) {
            return verify(files.journalFile());
        }
        List<Line> lines = new ArrayList<>();
        try {
            for (JournalEntry entry : store.journal()) {
                lines.add(new Line(lines.size() + 1L, Optional.of(entry), Optional.empty()));
            }
        } catch (DamagedDataException e) {
            return new Broken(0, 0, JournalDamage.UNREADABLE, String.valueOf(e.getMessage()));
        }
        return check(lines);
    }

    /**
     * Checks the file of a journal, without its store.
     *
     * @param journal the file, such as {@code deployments.jsonl}
     * @return what was found; a file that is missing is an empty journal
     * @throws LifecycleException when the file cannot be read
     */
    public JournalVerification verify(Path journal) {
        List<Line> lines = new ArrayList<>();
        if (Files.exists(journal)) {
            try (LineReader reader = LineReader.open(journal, FileReleaseStore.LONGEST_LINE)) {
                while (reader.next()) {
                    Line line = read(reader);
                    if (line.problem().isEmpty() || reader.terminated()) {
                        lines.add(line);
                    }
                }
            }
        }
        return check(lines);
    }

    private static Line read(LineReader reader) {
        try {
            JournalLines.Parsed parsed = JournalLines.parse(reader.text());
            return new Line(reader.number(), Optional.of(parsed.entry()), parsed.problem());
        } catch (IllegalArgumentException e) {
            return new Line(reader.number(), Optional.empty(), Optional.of(String.valueOf(e.getMessage())));
        }
    }

    private JournalVerification check(List<Line> lines) {
        long signed = 0;
        for (int i = 0; i < lines.size(); i++) {
            Optional<Broken> broken = chain(lines, i);
            if (broken.isPresent()) {
                return broken.orElseThrow();
            }
            JournalEntry entry = lines.get(i).entry().orElseThrow();
            if (!keys.isEmpty()
                    && (entry.revision() >= signedFrom || entry.signature().isPresent())) {
                Optional<TrustedKeys.Flaw> flaw = keys.flaw(entry);
                if (flaw.isPresent()) {
                    return broken(
                            lines.get(i),
                            flaw.orElseThrow().damage(),
                            flaw.orElseThrow().problem());
                }
                signed++;
            }
        }
        Optional<Broken> missed = heads(lines);
        if (missed.isPresent()) {
            return missed.orElseThrow();
        }
        return new Intact(
                lines.size(),
                signed,
                lines.isEmpty()
                        ? Optional.empty()
                        : lines.get(lines.size() - 1).entry().map(JournalHead::of));
    }

    /** Tells whether a line goes on from the ones before it, which are good, and what is wrong if not. */
    private Optional<Broken> chain(List<Line> lines, int i) {
        Line line = lines.get(i);
        Optional<JournalEntry> last =
                i == 0 ? Optional.empty() : lines.get(i - 1).entry();
        long due = i + 1L;
        if (line.entry().isEmpty()) {
            return Optional.of(new Broken(
                    due, line.number(), JournalDamage.UNREADABLE, line.problem().orElse("it cannot be read")));
        }
        JournalEntry entry = line.entry().orElseThrow();
        if (line.problem().isPresent()) {
            return Optional.of(new Broken(
                    due, line.number(), JournalDamage.EDITED, line.problem().orElseThrow()));
        }
        if (entry.follows(last)) {
            return last.filter(before -> entry.at().isBefore(before.at()))
                    .map(before -> broken(
                            line,
                            JournalDamage.BACKDATED,
                            "it is dated " + entry.at() + ", which is earlier than " + before.at()
                                    + " of the entry before it"));
        }
        if (entry.revision() > due) {
            boolean later = lines.subList(i, lines.size()).stream()
                    .anyMatch(other -> other.entry()
                            .filter(found -> found.revision() == due)
                            .isPresent());
            return Optional.of(new Broken(
                    due,
                    line.number(),
                    later ? JournalDamage.REORDERED : JournalDamage.DELETED,
                    "entry " + entry.revision() + " stands where entry " + due + " is due"
                            + (later ? ", which follows further down" : "")));
        }
        if (entry.revision() < due) {
            return Optional.of(inserted(lines, i));
        }
        return Optional.of(unlinked(lines, i));
    }

    /** Of two entries for one place the one that the rest goes on from belongs there. */
    private static Broken inserted(List<Line> lines, int i) {
        Line line = lines.get(i);
        JournalEntry entry = line.entry().orElseThrow();
        Optional<JournalEntry> beforeLast =
                i < 2 ? Optional.empty() : lines.get(i - 2).entry();
        boolean restGoesOn = i + 1 < lines.size()
                && lines.get(i + 1)
                        .entry()
                        .filter(next -> next.follows(Optional.of(entry)))
                        .isPresent();
        boolean intruderBefore = entry.follows(beforeLast)
                && restGoesOn
                && !lines.get(i - 1).entry().equals(line.entry());
        Line intruder = intruderBefore ? lines.get(i - 1) : line;
        return new Broken(
                intruder.entry().orElseThrow().revision(),
                intruder.number(),
                JournalDamage.INSERTED,
                "entry " + entry.revision() + " is there twice, and the rest goes on from the other one");
    }

    /** The revision is right and the link is not: this entry was replaced, or the one before it with a new hash. */
    private Broken unlinked(List<Line> lines, int i) {
        Line line = lines.get(i);
        JournalEntry entry = line.entry().orElseThrow();
        boolean replacedByNext = i + 1 < lines.size()
                && lines.get(i + 1)
                        .entry()
                        .filter(next -> next.revision() == entry.revision()
                                && next.follows(lines.get(i - 1).entry()))
                        .isPresent();
        if (i > 0 && replacedByNext) {
            return new Broken(
                    entry.revision(),
                    line.number(),
                    JournalDamage.INSERTED,
                    "entry " + entry.revision() + " is there twice, and this one does not go on from the entry before");
        }
        boolean beforeIsSigned = i == 0
                || (!keys.isEmpty()
                        && lines.get(i - 1).entry().orElseThrow().signature().isPresent());
        if (beforeIsSigned) {
            return broken(line, JournalDamage.OTHER_PREVIOUS, "it goes on from another entry than the one before it");
        }
        return broken(
                lines.get(i - 1),
                JournalDamage.EDITED,
                "its hash was computed anew: the entry after it goes on from another one");
    }

    private Optional<Broken> heads(List<Line> lines) {
        long matched = 0;
        for (JournalHead head : expected) {
            if (head.revision() > lines.size()) {
                return Optional.of(new Broken(
                        lines.size() + 1L,
                        lines.size() + 1L,
                        JournalDamage.TRUNCATED,
                        "the journal ends at revision " + lines.size() + " and the expected head is revision "
                                + head.revision()));
            }
            Line line = lines.get((int) head.revision() - 1);
            if (!line.entry().orElseThrow().hash().equals(head.hash())) {
                return Optional.of(broken(
                        line,
                        JournalDamage.REWRITTEN,
                        "it is not the entry of the expected head; an entry from revision " + (matched + 1) + " to "
                                + head.revision() + " was changed and all hashes computed anew"));
            }
            matched = head.revision();
        }
        return Optional.empty();
    }

    private static Broken broken(Line line, JournalDamage damage, String problem) {
        return new Broken(line.entry().orElseThrow().revision(), line.number(), damage, problem);
    }

    /** A line with the entry that it holds, as far as it can be read, and what is wrong with it alone. */
    private record Line(long number, Optional<JournalEntry> entry, Optional<String> problem) {}

    /** Builds a {@link JournalVerifier}. Not thread-safe. */
    public static final class Builder {

        private final List<JournalHead> expected = new ArrayList<>();
        private TrustedKeys keys = TrustedKeys.NONE;
        private long signedFrom = 1;

        private Builder() {}

        /**
         * Trusts a key; from then on entries must be signed. Default: no key, and signatures are not looked at.
         *
         * @param keyId the name of the key
         * @param key the public key
         * @return this builder
         * @throws IllegalArgumentException when it is no Ed25519 key, or the name is taken
         */
        public Builder trust(String keyId, PublicKey key) {
            return trust(keyId, key, Long.MAX_VALUE);
        }

        /**
         * Trusts a key that was replaced, for the entries that it signed until then.
         *
         * @param keyId the name of the key
         * @param key the public key
         * @param lastRevision the last entry that it may have signed
         * @return this builder
         * @throws IllegalArgumentException when it is no Ed25519 key, or the name is taken
         */
        public Builder trust(String keyId, PublicKey key, long lastRevision) {
            keys = keys.plus(keyId, key, lastRevision);
            return this;
        }

        /**
         * Names the first entry that must be signed, for a journal that was begun without. Default: 1.
         *
         * @param revision its revision
         * @return this builder
         */
        public Builder signedFrom(long revision) {
            if (revision < 1) {
                throw new IllegalArgumentException("revisions count from 1 but entries shall be signed from " + revision
                        + "; name the first signed one");
            }
            signedFrom = revision;
            return this;
        }

        /**
         * Expects that the journal contains a head; call it again for further ones, which narrow down where a journal
         * was rewritten. Default: none, and a tail that was cut off does not show.
         *
         * @param head the head, kept elsewhere
         * @return this builder
         */
        public Builder expecting(JournalHead head) {
            expected.add(Objects.requireNonNull(head, "head"));
            return this;
        }

        /**
         * Builds the verifier.
         *
         * @return the verifier
         */
        public JournalVerifier build() {
            return new JournalVerifier(this);
        }
    }
}
