package dev.llmlifecycle.samples.benchmarks;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The validators of {@link ValidatorBenchmark} by their time on the processor, which tells something also on a machine
 * that others keep busy: {@code java -cp benchmarks.jar dev.llmlifecycle.samples.benchmarks.ValidatorProcessorTime
 * --calls 600}.
 */
public final class ValidatorProcessorTime {

    private static final int WARM_UP = 3_000;
    private static final double P99 = 0.99;
    private static final double MICROS = 1e3;

    private ValidatorProcessorTime() {}

    /**
     * Measures.
     *
     * @param arguments {@code --calls N}
     */
    public static void main(String[] arguments) {
        int calls = Arguments.of(arguments).number("calls", 600);
        for (ValidatorBenchmark.Kind kind : ValidatorBenchmark.Kind.values()) {
            List<Long> nanos = measure(kind, WARM_UP, calls);
            System.out.printf(
                    Locale.ROOT,
                    "%-24s p50 %.0f us, p99 %.0f us%n",
                    kind,
                    nanos.get(nanos.size() / 2) / MICROS,
                    nanos.get((int) (P99 * nanos.size())) / MICROS);
        }
    }

    /** Returns the nanoseconds of each call, ascending. */
    static List<Long> measure(ValidatorBenchmark.Kind kind, int warmUp, int calls) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        ValidatorBenchmark benchmark = new ValidatorBenchmark();
        ValidatorBenchmark.One one = new ValidatorBenchmark.One();
        one.kind = kind;
        one.create();
        for (int i = 0; i < warmUp; i++) {
            benchmark.validate(one);
        }
        List<Long> nanos = new ArrayList<>();
        for (int i = 0; i < calls; i++) {
            long start = threads.getCurrentThreadCpuTime();
            benchmark.validate(one);
            nanos.add(threads.getCurrentThreadCpuTime() - start);
        }
        nanos.sort(null);
        return nanos;
    }
}
