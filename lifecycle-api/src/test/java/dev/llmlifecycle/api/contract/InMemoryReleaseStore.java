package dev.llmlifecycle.api.contract;

import java.util.ArrayList;
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

/** The smallest store that keeps the contract; tests override single steps to break it. */
class InMemoryReleaseStore implements ReleaseStore {

    final List<DeploymentMove> moves = new ArrayList<>();
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
                .filter(move -> move.label().equals(label))
                .reduce((earlier, later) -> later)
                .map(DeploymentMove::deployment);
    }

    @Override
    public List<DeploymentMove> journal() {
        lock.lock();
        try {
            return List.copyOf(moves);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean append(DeploymentMove move) {
        if (!isSaved(move)) {
            throw new IllegalArgumentException("the release was never saved");
        }
        lock.lock();
        try {
            if (!isNext(move)) {
                return false;
            }
            moves.add(move);
            return true;
        } finally {
            lock.unlock();
        }
    }

    boolean isSaved(DeploymentMove move) {
        return find(move.to()).isPresent();
    }

    boolean isNext(DeploymentMove move) {
        return move.revision() == moves.size() + 1L && isLinked(move);
    }

    boolean isLinked(DeploymentMove move) {
        return move.previousMove()
                .equals(
                        moves.isEmpty()
                                ? Optional.empty()
                                : Optional.of(moves.get(moves.size() - 1).hash()));
    }
}
