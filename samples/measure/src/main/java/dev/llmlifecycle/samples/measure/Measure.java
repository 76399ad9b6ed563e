package dev.llmlifecycle.samples.measure;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;

import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.samples.measure.task.MeasureTask;
import picocli.CommandLine;

/** The entry point of the sample. */
public final class Measure {

    private Measure() {}

    /**
     * Runs the program and exits.
     *
     * @param args the command line
     */
    public static void main(String[] args) {
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        System.exit(run(Tasks.all(), out, err, args));
    }

    static int run(List<MeasureTask> tasks, PrintWriter out, PrintWriter err, String... args) {
        return new CommandLine(new MeasureCommand(tasks))
                .setOut(out)
                .setErr(err)
                .setParameterExceptionHandler((e, ignored) -> {
                    err.println(e.getMessage() + "; see --help");
                    return CommandLine.ExitCode.USAGE;
                })
                .setExecutionExceptionHandler((e, line, result) -> {
                    if (e instanceof LifecycleException) {
                        err.println(e.getMessage());
                        return CommandLine.ExitCode.USAGE;
                    }
                    throw e;
                })
                .execute(args);
    }
}
