package dev.llmlifecycle.core.release;

import java.time.Clock;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.release.JournalEntry;
import dev.llmlifecycle.api.release.JournalEvent;
import dev.llmlifecycle.api.release.Release;
import dev.llmlifecycle.api.release.ReleaseStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Appends to the journal of a store: chains, dates and signs. Thread-safe. */
final class JournalWriter {

    private static final Logger log = LoggerFactory.getLogger(JournalWriter.class);
    private static final int MOST_ATTEMPTS = 1000;

    private final ReleaseStore store;
    private final Clock clock;
    private final Optional<JournalSigner> signer;

    JournalWriter(ReleaseStore store, Clock clock, Optional<JournalSigner> signer) {
        this.store = Objects.requireNonNull(store, "store");
        this.clock = Objects.requireNonNull(clock, "clock");
        this.signer = Objects.requireNonNull(signer, "signer");
    }

    /**
     * Asks for an entry to append to the journal as it is, until the store takes it.
     *
     * @param what what is done, to name it when other entries always come first
     * @param decide reads the journal anew and says what to append, if anything
     * @return the entry that was appended
     */
    Optional<JournalEntry> append(String what, Supplier<Optional<Draft>> decide) {
        for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
            Optional<Draft> draft = decide.get();
            if (draft.isEmpty()) {
                return Optional.empty();
            }
            JournalEntry entry = entry(draft.orElseThrow());
            draft.orElseThrow().release().ifPresent(store::save);
            if (store.append(entry)) {
                return Optional.of(entry);
            }
        }
        throw new LifecycleException(what + " failed: other journal entries came first " + MOST_ATTEMPTS
                + " times; find out who writes that often, and try again");
    }

    private JournalEntry entry(Draft draft) {
        Instant now = clock.instant();
        Optional<Instant> before = draft.last().map(JournalEntry::at);
        if (before.filter(now::isBefore).isPresent()) {
            log.warn(
                    "the clock says {} while the last journal entry is of {}; the next entry is dated as that one, check"
                            + " the clocks of all who write",
                    now,
                    before.orElseThrow());
            now = before.orElseThrow();
        }
        JournalEntry entry = JournalEntry.after(draft.last(), now, draft.actor(), draft.reason(), draft.event());
        return signer.map(given -> given.sign(entry)).orElse(entry);
    }

    /**
     * An entry to append.
     *
     * @param last the last entry that was seen
     * @param release what to save before, if something
     */
    record Draft(
            Optional<JournalEntry> last, String actor, String reason, JournalEvent event, Optional<Release> release) {}
}
