package dev.llmlifecycle.eval.metric;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * The latencies that half, 95 and 99 of a hundred questions stay within.
 *
 * <p>Immutable. Percentiles are by nearest rank: the p-th is the {@code ⌈p n / 100⌉}-th shortest, always one that was
 * measured. With fewer than a hundred, the 99th is the longest.
 *
 * @param count how many were measured
 * @param p50 the median
 * @param p95 the 95th percentile
 * @param p99 the 99th percentile
 * @param max the longest
 * @since 0.1
 */
public record LatencyPercentiles(int count, Duration p50, Duration p95, Duration p99, Duration max) {

    /** Checks that nothing is missing. */
    public LatencyPercentiles {
        Objects.requireNonNull(p50, "p50");
        Objects.requireNonNull(p95, "p95");
        Objects.requireNonNull(p99, "p99");
        Objects.requireNonNull(max, "max");
    }

    /**
     * Finds the percentiles.
     *
     * @param latencies as measured, in any order, at least one; such as the durations of interactions
     * @return the percentiles
     */
    public static LatencyPercentiles of(List<Duration> latencies) {
        if (latencies.isEmpty()) {
            throw new IllegalArgumentException("latency percentiles need a latency but got none; ask something first");
        }
        List<Duration> sorted = latencies.stream().sorted().toList();
        return new LatencyPercentiles(
                sorted.size(), rank(sorted, 50), rank(sorted, 95), rank(sorted, 99), sorted.get(sorted.size() - 1));
    }

    private static Duration rank(List<Duration> sorted, int percent) {
        return sorted.get((int) ((percent * (long) sorted.size() + 99) / 100) - 1);
    }
}
