package dev.llmlifecycle.samples.measure.embedding;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.statistics.Interval;
import dev.llmlifecycle.samples.measure.task.Figure;
import dev.llmlifecycle.samples.measure.task.MeasureContext;
import dev.llmlifecycle.samples.measure.task.MeasureTask;

/**
 * Memory: the peak of a process that indexes and searches 10,000 passages, embedding model included. The process is a
 * JVM of its own with a heap of {@value #HEAP}; its peak is the VmHWM that Linux counts.
 *
 * <p>Thread-safe.
 *
 * @since 0.1
 */
public final class MemoryTask implements MeasureTask {

    private static final String HEAP = "192m";
    private static final int PASSAGES = 10_000;

    private final int passages;

    /** Creates the task for 10,000 passages. */
    public MemoryTask() {
        this(PASSAGES);
    }

    MemoryTask(int passages) {
        this.passages = passages;
    }

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public String description() {
        return "peak memory of a process that indexes and searches 10,000 passages, in MiB";
    }

    @Override
    public List<Figure> run(MeasureContext context) {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        command.addAll(List.of("-Xmx" + HEAP, "-XX:+UseSerialGC"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), MemoryProbe.class.getName()));
        command.addAll(List.of(Integer.toString(passages), Long.toString(context.seed())));
        context.progress().accept("memory: a JVM with -Xmx" + HEAP + " indexes " + passages + " passages");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            long kibibytes = -1;
            try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
                for (String line = out.readLine(); line != null; line = out.readLine()) {
                    if (line.startsWith(MemoryProbe.PEAK)) {
                        kibibytes = Long.parseLong(line.substring(MemoryProbe.PEAK.length()));
                    } else {
                        context.progress().accept("memory: " + line);
                    }
                }
            }
            int exit = process.waitFor();
            if (exit != 0 || kibibytes < 0) {
                throw new LifecycleException("Measuring memory failed: the process ended with " + exit
                        + "; see its error output, and use Linux, which tells the peak of a process");
            }
            double mebibytes = kibibytes / 1024.0;
            return List.of(new Figure(
                    "made texts",
                    "peak memory in MiB",
                    mebibytes,
                    new Interval(mebibytes, mebibytes, Figure.LEVEL),
                    passages));
        } catch (IOException e) {
            throw new LifecycleException("Starting a JVM to measure memory failed; check that java can be run", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LifecycleException("Measuring memory was interrupted; run it again", e);
        }
    }
}
