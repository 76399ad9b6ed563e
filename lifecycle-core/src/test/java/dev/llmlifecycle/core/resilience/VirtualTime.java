package dev.llmlifecycle.core.resilience;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;

/** Time that passes only while somebody waits, on one thread; also an executor whose work can be slow. */
final class VirtualTime extends Clock implements Timekeeper, Executor {

    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::number));
    private final Deque<Duration> latencies = new ArrayDeque<>();
    private final List<Duration> pauses = new ArrayList<>();
    private long now;
    private long count;

    /** Makes the next work that is executed begin so late. */
    VirtualTime nextTakes(Duration latency) {
        latencies.add(latency);
        return this;
    }

    void after(Duration delay, Runnable work) {
        events.add(new Event(now + delay.toNanos(), count++, work));
    }

    /** Runs all that is planned, as late as it may be. */
    void runAll() {
        while (!events.isEmpty()) {
            runNext();
        }
    }

    List<Duration> pauses() {
        return pauses;
    }

    Duration elapsed() {
        return Duration.ofNanos(now);
    }

    @Override
    public void execute(Runnable work) {
        Duration latency = latencies.poll();
        after(latency == null ? Duration.ZERO : latency, work);
    }

    @Override
    public long nanoTime() {
        return now;
    }

    @Override
    public boolean await(Future<?> end, long nanos) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        long limit = now + nanos;
        while (!end.isDone()) {
            Event next = events.peek();
            if (next == null || next.at > limit) {
                now = Math.max(now, limit);
                return false;
            }
            runNext();
        }
        return true;
    }

    @Override
    public void pause(long nanos) throws InterruptedException {
        pauses.add(Duration.ofNanos(nanos));
        await(new CompletableFuture<>(), nanos);
    }

    @Override
    public Instant instant() {
        return START.plusNanos(now);
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }

    private void runNext() {
        Event next = events.remove();
        now = Math.max(now, next.at);
        next.work.run();
    }

    private record Event(long at, long number, Runnable work) {}
}
