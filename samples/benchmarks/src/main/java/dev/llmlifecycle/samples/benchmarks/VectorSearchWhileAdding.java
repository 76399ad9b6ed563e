package dev.llmlifecycle.samples.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

import dev.llmlifecycle.retrieval.vector.VectorEntry;
import dev.llmlifecycle.retrieval.vector.VectorIndex;
import dev.llmlifecycle.retrieval.vector.VectorQuery;

/**
 * How long searches take while another thread adds as fast as it can, against how long they take when none does.
 *
 * <p>{@code java -Xmx4g --add-modules jdk.incubator.vector -cp benchmarks.jar
 * dev.llmlifecycle.samples.benchmarks.VectorSearchWhileAdding --vectors words.fvecs --size 200000 --seconds 20}: half
 * of the vectors are there at first; the others are added in batches of 100, over and over. What is built in the
 * background is built meanwhile.
 */
public final class VectorSearchWhileAdding {

    private static final int BATCH = 100;
    private static final double P50 = 0.5;
    private static final double P99 = 0.99;
    private static final double NANOS = 1e9;

    private VectorSearchWhileAdding() {}

    /**
     * Measures.
     *
     * @param arguments {@code --vectors FILE}, {@code --size N}, {@code --seconds N}
     * @throws IOException when the vectors cannot be read
     * @throws InterruptedException when waiting is interrupted
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Arguments given = Arguments.of(arguments);
        VectorData data = VectorData.of(given.text("vectors", ""), given.number("size", 200_000));
        int seconds = given.number("seconds", 20);
        int half = data.base().size() / 2;
        try (VectorIndex index = VectorIndex.builder(data.dimension()).build()) {
            index.addAll(entries(data, 0, half));
            index.awaitBackground();
            search(index, data, seconds);
            long[] idle = search(index, data, seconds);

            AtomicBoolean done = new AtomicBoolean();
            AtomicLong added = new AtomicLong();
            Thread writer = new Thread(() -> {
                for (int from = half;
                        !done.get();
                        from = from + 2 * BATCH > data.base().size() ? half : from + BATCH) {
                    index.addAll(entries(
                            data, from, Math.min(from + BATCH, data.base().size())));
                    added.addAndGet(BATCH);
                }
            });
            writer.start();
            long[] busy = search(index, data, seconds);
            done.set(true);
            writer.join();

            System.out.printf(
                    Locale.ROOT,
                    "idle:   p50 %.1f us, p99 %.1f us, %d searches%n",
                    at(idle, P50),
                    at(idle, P99),
                    idle.length);
            System.out.printf(
                    Locale.ROOT,
                    "adding: p50 %.1f us, p99 %.1f us, %d searches, %d vectors a second%n",
                    at(busy, P50),
                    at(busy, P99),
                    busy.length,
                    added.get() / seconds);
            System.out.printf(Locale.ROOT, "p99 adding / idle %.2f%n", at(busy, P99) / at(idle, P99));
        }
    }

    private static List<VectorEntry> entries(VectorData data, int from, int to) {
        List<VectorEntry> entries = new ArrayList<>();
        for (int row = from; row < to; row++) {
            entries.add(VectorEngine.entry(data, row));
        }
        return entries;
    }

    /** Returns the nanoseconds of each search, ascending. */
    private static long[] search(VectorIndex index, VectorData data, int seconds) {
        long end = System.nanoTime() + (long) (seconds * NANOS);
        List<Long> nanos = new ArrayList<>();
        for (int i = 0; System.nanoTime() < end; i++) {
            float[] query = data.queries().get(i % data.queries().size());
            long start = System.nanoTime();
            int found =
                    index.search(VectorQuery.of(query, VectorData.K)).matches().size();
            nanos.add(System.nanoTime() - start);
            if (found != VectorData.K) {
                throw new IllegalStateException("a search found " + found + " of " + VectorData.K);
            }
        }
        return nanos.stream().mapToLong(Long::longValue).sorted().toArray();
    }

    private static double at(long[] sorted, double share) {
        return sorted[(int) Math.min(sorted.length - 1, Math.floor(share * sorted.length))] / 1e3;
    }
}
