package dev.llmlifecycle.eval.junit;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/** The results of a run so far, and what decides over them. Cases may end in any order. Thread-safe. */
final class CaseResults {

    private final ReentrantLock lock = new ReentrantLock();
    private final List<Optional<Result>> results;
    private final List<Decision> decisions;
    private final Map<CaseStatus, Integer> counts = new EnumMap<>(CaseStatus.class);

    /** Starts a run; without decisions, each case decides for itself. */
    CaseResults(int cases, List<Decision> decisions) {
        this.results = new ArrayList<>(Collections.nCopies(cases, Optional.empty()));
        this.decisions = List.copyOf(decisions);
    }

    /** A case that ended, with the message of what failed in it. */
    record Result(CaseStatus status, Optional<String> failure) {}

    void add(int position, Result result) {
        lock.lock();
        try {
            results.set(position, Optional.of(result));
            counts.merge(result.status(), 1, Integer::sum);
            decisions.forEach(decision -> decision.add(position, result.status()));
        } finally {
            lock.unlock();
        }
    }

    /** Tells whether the cases so far settle the outcome. */
    boolean isSettled() {
        lock.lock();
        try {
            List<Optional<Boolean>> settled =
                    decisions.stream().map(Decision::settled).toList();
            return settled.contains(Optional.of(false))
                    || (!settled.isEmpty() && settled.stream().allMatch(Optional::isPresent));
        } finally {
            lock.unlock();
        }
    }

    /** Returns what was decided against the run, once no more cases run. */
    List<String> objections() {
        lock.lock();
        try {
            return decisions.stream()
                    .filter(decision -> !decision.isReached())
                    .map(Decision::judge)
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    int count(CaseStatus status) {
        lock.lock();
        try {
            return counts.getOrDefault(status, 0);
        } finally {
            lock.unlock();
        }
    }

    Optional<Result> result(int position) {
        lock.lock();
        try {
            return results.get(position);
        } finally {
            lock.unlock();
        }
    }
}
