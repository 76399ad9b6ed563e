package dev.llmlifecycle.core.release;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.release.Deployment;
import dev.llmlifecycle.api.release.DeploymentMove;
import dev.llmlifecycle.api.release.Release;
import dev.llmlifecycle.api.release.ReleaseStore;

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
    private MoveChain chain = MoveChain.EMPTY;

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
    public List<DeploymentMove> journal() {
        return chain().moves();
    }

    @Override
    public boolean append(DeploymentMove move) {
        lock.lock();
        try {
            if (!releases.containsKey(move.to())) {
                throw ReleaseFiles.neverSaved(move);
            }
            if (!chain.takes(move)) {
                return false;
            }
            chain = chain.plus(move);
            return true;
        } finally {
            lock.unlock();
        }
    }

    private MoveChain chain() {
        lock.lock();
        try {
            return chain;
        } finally {
            lock.unlock();
        }
    }
}
