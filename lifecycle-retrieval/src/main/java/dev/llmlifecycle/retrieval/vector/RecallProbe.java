package dev.llmlifecycle.retrieval.vector;

import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Compares some of the answers with exact ones, one at a time and beside the searches; thread-safe. */
final class RecallProbe {

    private static final Logger log = LoggerFactory.getLogger(RecallProbe.class);

    private final int every;
    private final Executor executor;
    private final AtomicLong answers = new AtomicLong();
    private final AtomicBoolean busy = new AtomicBoolean();
    private final ReentrantLock lock = new ReentrantLock();
    private final RecallMeter meter = new RecallMeter();
    private boolean measured;

    /**
     * Begins with nothing measured.
     *
     * @param every how many answers there are to one that is compared, or 0 for none
     */
    RecallProbe(int every, Executor executor) {
        this.every = every;
        this.executor = executor;
    }

    /** Perhaps compares an answer; left out while another one is compared. */
    void answered(VectorSnapshot snapshot, VectorQuery query, VectorSearchResult result) {
        if (every == 0
                || result.explanation().exact()
                || answers.getAndIncrement() % every != 0
                || !busy.compareAndSet(false, true)) {
            return;
        }
        try {
            executor.execute(() -> compare(snapshot, query, result));
        } catch (RejectedExecutionException e) {
            busy.set(false);
            log.debug("An answer was not compared with the exact one, since the executor is full", e);
        }
    }

    private void compare(VectorSnapshot snapshot, VectorQuery query, VectorSearchResult result) {
        try {
            VectorSearchResult exact = snapshot.search(query.asExact());
            lock.lock();
            try {
                meter.add(result, exact);
                measured = true;
            } finally {
                lock.unlock();
            }
        } catch (RuntimeException e) {
            log.warn("Comparing an answer of a vector index with the exact one failed; the answer stands", e);
        } finally {
            busy.set(false);
        }
    }

    Optional<RecallEstimate> estimate() {
        lock.lock();
        try {
            return measured ? Optional.of(meter.estimate(0)) : Optional.empty();
        } finally {
            lock.unlock();
        }
    }
}
