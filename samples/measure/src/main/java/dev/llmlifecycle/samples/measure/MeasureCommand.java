package dev.llmlifecycle.samples.measure;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

import dev.llmlifecycle.samples.measure.task.Figure;
import dev.llmlifecycle.samples.measure.task.MeasureContext;
import dev.llmlifecycle.samples.measure.task.MeasureTask;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command line. */
@Command(
        name = "measure",
        description = "Prints the figures that the project quotes about data.",
        footer = {
            "",
            "Exit code 0 when the task ran, whatever its figures; 2 when data is missing or damaged, or for a wrong"
                    + " argument."
        })
final class MeasureCommand implements Callable<Integer> {

    static final String LIST = "list";

    @Parameters(paramLabel = "TASK", description = "The task to run, or '" + LIST + "' to see all of them.")
    private @Nullable String task;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "../shared/data",
            description = "The folder of the sets (default: ${DEFAULT-VALUE}).")
    private Path data = Path.of("../shared/data");

    @Option(
            names = "--report-on",
            paramLabel = "DIR",
            description = "Report on the sets in this folder; fit and tune on those of --data.")
    private @Nullable Path reportOn;

    @Option(names = "--json", description = "Print one JSON object a line.")
    private boolean json;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "42",
            description = "For whatever is drawn (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    @SuppressWarnings("UnusedVariable") // picocli acts on it
    private boolean help;

    @Spec
    private @Nullable CommandSpec spec;

    private final List<MeasureTask> tasks;

    MeasureCommand(List<MeasureTask> tasks) {
        this.tasks = List.copyOf(tasks);
    }

    @Override
    public Integer call() {
        CommandLine line = java.util.Objects.requireNonNull(spec, "spec").commandLine();
        if (LIST.equals(task)) {
            line.getOut().print(FigurePrinter.list(tasks));
        } else {
            MeasureTask chosen = chosen(line);
            MeasureContext context = new MeasureContext(
                    data,
                    Optional.ofNullable(reportOn),
                    seed,
                    text -> line.getErr().println(text));
            List<Figure> figures = chosen.run(context);
            line.getOut().print(json ? FigurePrinter.json(chosen.name(), figures) : FigurePrinter.table(figures));
        }
        line.getOut().flush();
        return CommandLine.ExitCode.OK;
    }

    private MeasureTask chosen(CommandLine line) {
        return tasks.stream()
                .filter(candidate -> candidate.name().equals(task))
                .findFirst()
                .orElseThrow(() -> new CommandLine.ParameterException(
                        line,
                        "There is no task '" + task + "'; choose one of "
                                + tasks.stream().map(MeasureTask::name).collect(Collectors.joining(", "))));
    }
}
