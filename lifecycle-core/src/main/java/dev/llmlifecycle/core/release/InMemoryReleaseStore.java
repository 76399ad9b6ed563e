package dev.llmlifecycle.core.release;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.release.Deployment;
import dev.llmlifecycle.api.release.JournalEntry;
import dev.llmlifecycle.api.release.Release;
import dev.llmlifecycle.api.release.ReleaseStore;
import dev.llmlifecycle.core.release.internal.StoredReleases;

/**
 * A release store that lives as long as the process, for tests and first steps.
 *
 * <p>Thread-safe.
 *
 * @since 0.1
 */
public final class InMemoryReleaseStore implements ReleaseStore {

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Hash, Release> releases = new HashMap<>();
    private JournalChain chain = JournalChain.EMPTY;

    /** Creates an empty store. */
    public InMemoryReleaseStore() {}

    @Override
    public void save(Release release) {
        Hash hash = release.hash();
        lock.lock();
        try {
            releases.put(hash, release);
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
        return chain().deployment(label);
    }

    @Override
    public List<JournalEntry> journal() {
        return chain().entries();
    }

    @Override
    public Optional<JournalEntry> last() {
        return chain().last();
    }

    @Override
    public boolean append(JournalEntry entry) {
        StoredReleases.requireSaved(entry, this::find);
        lock.lock();
        try {
            if (!entry.follows(chain.last())) {
                return false;
            }
            chain = chain.plus(entry);
            return true;
        } finally {
            lock.unlock();
        }
    }

    private JournalChain chain() {
        lock.lock();
        try {
            return chain;
        } finally {
            lock.unlock();
        }
    }
}
