package dev.llmlifecycle.samples.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

import dev.llmlifecycle.retrieval.vector.VectorIndex;

/**
 * Five rounds of removing half of the vectors and adding them again, and what they leave of recall, speed and memory.
 *
 * <p>{@code java -Xmx4g --add-modules jdk.incubator.vector -cp benchmarks.jar
 * dev.llmlifecycle.samples.benchmarks.VectorChurn --vectors words.fvecs --size 100000}: the index, fresh and after the
 * rounds, and hnswlib-core by itself. A main and not JMH, since one state is to be compared with another and memory
 * counts.
 */
public final class VectorChurn {

    private static final int ROUNDS = 5;
    private static final int PASSES = 7;
    private static final int CAPACITY = 4;

    private VectorChurn() {}

    /**
     * Measures.
     *
     * @param arguments {@code --vectors FILE}, {@code --size N}
     * @throws IOException when the vectors cannot be read
     */
    public static void main(String[] arguments) throws IOException {
        Arguments given = Arguments.of(arguments);
        VectorData data = VectorData.of(given.text("vectors", ""), given.number("size", 100_000));
        List<Set<Integer>> truth = data.truth(data.queries(), row -> true);

        long before = usedBytes();
        VectorIndex index = VectorEngine.index(data);
        VectorEngine engine = new VectorEngine.OfIndex(index);
        int width = VectorEngine.width(engine, data);
        print("index, fresh", engine, width, data, truth, before);
        for (int round = 0; round < ROUNDS; round++) {
            List<Integer> half = half(data, round);
            index.remove(half.stream().map(row -> Integer.toString(row)).toList());
            index.addAll(half.stream().map(row -> VectorEngine.entry(data, row)).toList());
            index.awaitBackground();
        }
        print("index, churned", engine, width, data, truth, before);
        index.close();
        churnPeer(data, truth);
    }

    private static void churnPeer(VectorData data, List<Set<Integer>> truth) {
        long before = usedBytes();
        VectorEngine.OfHnswlib engine =
                new VectorEngine.OfHnswlib(data, CAPACITY * data.base().size());
        int width = VectorEngine.width(engine, data);
        print("hnswlib-core, fresh", engine, width, data, truth, before);
        for (int round = 0; round < ROUNDS; round++) {
            List<Integer> half = half(data, round);
            half.forEach(engine::remove);
            engine.addAll(data, half);
        }
        print("hnswlib-core, churned", engine, width, data, truth, before);
    }

    private static List<Integer> half(VectorData data, int seed) {
        List<Integer> rows =
                new ArrayList<>(IntStream.range(0, data.base().size()).boxed().toList());
        Collections.shuffle(rows, new Random(seed));
        return rows.subList(0, rows.size() / 2);
    }

    /**
     * Prints the recall, the median time of a search in the best of some passes, and the bytes of heap for each vector.
     */
    private static void print(
            String state, VectorEngine engine, int width, VectorData data, List<Set<Integer>> truth, long before) {
        double recall = VectorEngine.recall(engine, width, data.queries(), truth);
        double best = Double.POSITIVE_INFINITY;
        for (int pass = 0; pass < PASSES; pass++) {
            long[] nanos = new long[data.queries().size()];
            for (int i = 0; i < nanos.length; i++) {
                long start = System.nanoTime();
                engine.search(data.queries().get(i), width);
                nanos[i] = System.nanoTime() - start;
            }
            Arrays.sort(nanos);
            best = Math.min(best, nanos[nanos.length / 2] / 1e3);
        }
        System.out.printf(
                Locale.ROOT,
                "%-22s recall@10 %.4f at width %d, median %.1f us, %d bytes of heap a vector%n",
                state,
                recall,
                width,
                best,
                (usedBytes() - before) / data.base().size());
    }

    private static long usedBytes() {
        Runtime runtime = Runtime.getRuntime();
        long used = Long.MAX_VALUE;
        for (int i = 0; i < PASSES; i++) {
            System.gc();
            used = Math.min(used, runtime.totalMemory() - runtime.freeMemory());
        }
        return used;
    }
}
