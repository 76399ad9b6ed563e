package dev.llmlifecycle.retrieval.cache;

import java.util.concurrent.atomic.AtomicLong;

import com.github.benmanes.caffeine.cache.Ticker;

/** A ticker that stands still while the one behind it goes backwards, so that nothing expired comes back. */
final class ForwardTicker implements Ticker {

    private final Ticker ticker;
    private final long start;
    private final AtomicLong latest = new AtomicLong();

    ForwardTicker(Ticker ticker) {
        this.ticker = ticker;
        this.start = ticker.read();
    }

    @Override
    public long read() {
        long elapsed = ticker.read() - start;
        // A write only where time went on, as all threads read this.
        long seen = latest.get();
        return elapsed > seen ? latest.accumulateAndGet(elapsed, Math::max) : seen;
    }
}
