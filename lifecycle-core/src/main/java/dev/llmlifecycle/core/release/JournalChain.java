package dev.llmlifecycle.core.release;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.llmlifecycle.api.release.Deployment;
import dev.llmlifecycle.api.release.JournalEntry;

/** A journal in memory: entries that follow each other, and where they leave each label. Immutable. */
final class JournalChain {

    static final JournalChain EMPTY = new JournalChain(List.of());

    private final List<JournalEntry> entries;
    private final Map<String, Deployment> deployments;

    /** Takes entries of which each {@linkplain JournalEntry#follows follows} the one before. */
    JournalChain(List<JournalEntry> entries) {
        this.entries = List.copyOf(entries);
        Map<String, Deployment> latest = new HashMap<>();
        entries.forEach(
                entry -> entry.deployment().ifPresent(deployment -> latest.put(deployment.label(), deployment)));
        this.deployments = Map.copyOf(latest);
    }

    JournalChain plus(JournalEntry entry) {
        List<JournalEntry> longer = new ArrayList<>(entries);
        longer.add(entry);
        return new JournalChain(longer);
    }

    List<JournalEntry> entries() {
        return entries;
    }

    Optional<JournalEntry> last() {
        return entries.isEmpty() ? Optional.empty() : Optional.of(entries.get(entries.size() - 1));
    }

    Optional<Deployment> deployment(String label) {
        return Optional.ofNullable(deployments.get(label));
    }
}
