package dev.llmlifecycle.api.contract;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.release.Deployment;
import dev.llmlifecycle.api.release.JournalEntry;
import dev.llmlifecycle.api.release.JournalEvent;
import dev.llmlifecycle.api.release.Release;
import dev.llmlifecycle.api.release.ReleaseStore;

/** The smallest store that keeps the contract; tests override single steps to break it. */
class InMemoryReleaseStore implements ReleaseStore {

    final List<JournalEntry> entries = new ArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Hash, Release> releases = new HashMap<>();

    @Override
    public void save(Release release) {
        lock.lock();
        try {
            releases.put(release.hash(), release);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Optional<Release> find(Hash hash) {
        lock.lock();
        try {
            return Optional.ofNullable(releases.get(hash));
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Optional<Deployment> deployment(String label) {
        return journal().stream()
                .flatMap(entry -> entry.deployment().stream())
                .filter(deployment -> deployment.label().equals(label))
                .reduce((earlier, later) -> later);
    }

    @Override
    public List<JournalEntry> journal() {
        lock.lock();
        try {
            return List.copyOf(entries);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean append(JournalEntry entry) {
        if (!isSaved(entry)) {
            throw new IllegalArgumentException("the release was never saved");
        }
        lock.lock();
        try {
            if (!isNext(entry)) {
                return false;
            }
            entries.add(entry);
            return true;
        } finally {
            lock.unlock();
        }
    }

    boolean isSaved(JournalEntry entry) {
        return !(entry.event() instanceof JournalEvent.OfDeployment event)
                || find(event.to()).isPresent();
    }

    boolean isNext(JournalEntry entry) {
        return entry.revision() == entries.size() + 1L && isLinked(entry);
    }

    boolean isLinked(JournalEntry entry) {
        return entry.previous()
                .equals(
                        entries.isEmpty()
                                ? Optional.empty()
                                : Optional.of(entries.get(entries.size() - 1).hash()));
    }
}
