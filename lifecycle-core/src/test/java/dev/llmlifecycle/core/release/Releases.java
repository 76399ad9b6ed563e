package dev.llmlifecycle.core.release;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.api.prompt.PinnedPrompt;
import dev.llmlifecycle.api.release.JournalEntry;
import dev.llmlifecycle.api.release.JournalEvent;
import dev.llmlifecycle.api.release.Release;

/** Releases and moves for tests. */
final class Releases {

    private Releases() {}

    static Release release(String modelVersion) {
        return Release.builder(
                        Identity.of("model", modelVersion),
                        new PinnedPrompt("support-answer", 1, Hash.ofUtf8("prompt")))
                .build();
    }

    static JournalEntry next(List<JournalEntry> journal, String label, Release to) {
        return JournalEntry.after(
                journal.isEmpty() ? Optional.empty() : Optional.of(journal.get(journal.size() - 1)),
                Instant.parse("2026-01-31T12:00:00Z"),
                "ada",
                "täglich",
                new JournalEvent.Moved(
                        JournalEvent.Moved.Kind.PROMOTE, label, Optional.empty(), to.hash(), Optional.empty()));
    }
}
