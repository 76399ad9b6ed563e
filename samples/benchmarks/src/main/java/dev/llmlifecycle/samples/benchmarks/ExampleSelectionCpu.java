package dev.llmlifecycle.samples.benchmarks;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.Locale;

/**
 * What {@link ExampleSelectionBenchmark} measures, in processor time of its thread, for machines that have other work
 * to do.
 *
 * <p>{@code java -cp benchmarks.jar dev.llmlifecycle.samples.benchmarks.ExampleSelectionCpu}
 */
public final class ExampleSelectionCpu {

    private static final int EXAMPLES = 10_000;
    private static final long WARM_UP_NANOS = 3_000_000_000L;
    private static final int CHOICES = 600;
    private static final double MICROS = 1_000;

    private ExampleSelectionCpu() {}

    /**
     * Measures.
     *
     * @param arguments none
     */
    public static void main(String[] arguments) {
        for (ExampleSelectionBenchmark.Rule rule : ExampleSelectionBenchmark.Rule.values()) {
            long[] nanos = nanos(rule, EXAMPLES, WARM_UP_NANOS, CHOICES);
            System.out.printf(
                    Locale.ROOT,
                    "%s: median %.0f µs, 90 of 100 within %.0f µs%n",
                    rule,
                    nanos[CHOICES / 2] / MICROS,
                    nanos[CHOICES * 9 / 10] / MICROS);
        }
    }

    /** Returns the time of each choice, the shortest first. */
    static long[] nanos(ExampleSelectionBenchmark.Rule rule, int examples, long warmUp, int choices) {
        ExampleSelectionBenchmark benchmark = new ExampleSelectionBenchmark();
        benchmark.size = examples;
        benchmark.rule = rule;
        benchmark.build();
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long begin = threads.getCurrentThreadCpuTime();
        while (threads.getCurrentThreadCpuTime() - begin < warmUp) {
            benchmark.choose();
        }
        long[] nanos = new long[choices];
        for (int i = 0; i < choices; i++) {
            long start = threads.getCurrentThreadCpuTime();
            benchmark.choose();
            nanos[i] = threads.getCurrentThreadCpuTime() - start;
        }
        Arrays.sort(nanos);
        return nanos;
    }
}
