package dev.llmlifecycle.samples.measure;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.llmlifecycle.api.statistics.Interval;
import dev.llmlifecycle.samples.measure.task.Figure;
import dev.llmlifecycle.samples.measure.task.MeasureContext;
import dev.llmlifecycle.samples.measure.task.MeasureTask;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

@NullMarked
final class MeasureTest {

    @TempDir
    Path dir = Path.of("");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final List<MeasureContext> contexts = new ArrayList<>();

    @Test
    void listsTheTasks() {
        assertThat(run(Tasks.all(), "list")).isZero();

        assertThat(out.toString().lines()).anyMatch(line -> line.matches("xquad +\\S.*"));
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void printsATableForPeople() {
        assertThat(run(shares(), "coin")).isZero();

        assertThat(out).hasToString("""
                        set      figure  value   95 % interval     n
                        coin/a   heads   0.500  0.404 to 0.596   100
                        coin/bb  error   1.250  1.000 to 1.500  1000
                        """);
        assertThat(err).hasToString("tossing" + System.lineSeparator());
    }

    @Test
    void printsOneJsonObjectALine() throws IOException {
        assertThat(run(shares(), "coin", "--json")).isZero();

        List<String> lines = out.toString().lines().toList();
        assertThat(lines).hasSize(2);
        JsonNode first = new ObjectMapper().readTree(lines.get(0));
        assertThat(first.fieldNames())
                .toIterable()
                .containsExactly("task", "set", "figure", "value", "low", "high", "n");
        assertThat(first.path("task").asText()).isEqualTo("coin");
        assertThat(first.path("set").asText()).isEqualTo("coin/a");
        assertThat(first.path("figure").asText()).isEqualTo("heads");
        assertThat(first.path("value").asDouble()).isEqualTo(0.5);
        assertThat(first.path("low").asDouble()).isBetween(0.40, 0.41);
        assertThat(first.path("high").asDouble()).isBetween(0.59, 0.60);
        assertThat(first.path("n").isIntegralNumber()).isTrue();
        assertThat(lines.get(1))
                .isEqualTo("{\"task\":\"coin\",\"set\":\"coin/bb\",\"figure\":\"error\",\"value\":1.25,\"low\":1.0,"
                        + "\"high\":1.5,\"n\":1000}");
    }

    @Test
    void printsNotesAndNumbersThatThreeDecimalsDoNotSuit() {
        List<MeasureTask> noted = List.of(task(context -> List.of(
                Figure.exact("coin/a", "p", 2.5e-7, 100),
                Figure.exact("coin/a", "still needed", 1200, 100),
                new Figure("coin/a", "difference", -0.25, new Interval(-0.5, 0, 0.95), 100, "REGRESSED"))));

        assertThat(run(noted, "coin")).isZero();
        assertThat(run(noted, "coin", "--json")).isZero();

        assertThat(out.toString())
                .startsWith("""
                        set     figure          value       95 % interval    n  note
                        coin/a  p             2.5e-07  2.5e-07 to 2.5e-07  100
                        coin/a  still needed     1200        1200 to 1200  100
                        coin/a  difference     -0.250     -0.500 to 0.000  100  REGRESSED
                        """)
                .endsWith("\"low\":-0.5,\"high\":0.0,\"n\":100,\"note\":\"REGRESSED\"}\n");
    }

    @Test
    void handsTheOptionsToTheTask() {
        run(shares(), "coin", "--data", "d", "--report-on", "r", "--seed", "7");
        run(shares(), "coin");

        assertThat(contexts.get(0).data()).isEqualTo(Path.of("d"));
        assertThat(contexts.get(0).reportOn()).contains(Path.of("r"));
        assertThat(contexts.get(0).seed()).isEqualTo(7);
        assertThat(contexts.get(1).data()).isEqualTo(Path.of("../shared/data"));
        assertThat(contexts.get(1).reportOn()).isEqualTo(Optional.empty());
        assertThat(contexts.get(1).seed()).isEqualTo(42);
    }

    @Test
    void anUnknownTaskIsAMistakeThatNamesTheOthers() {
        assertThat(run(shares(), "dice")).isEqualTo(2);

        assertThat(out.toString()).isEmpty();
        assertThat(err.toString().strip()).isEqualTo("There is no task 'dice'; choose one of coin; see --help");
    }

    @Test
    void aWrongArgumentIsAMistake() {
        assertThat(run(shares())).isEqualTo(2);
        assertThat(run(shares(), "coin", "--jsn")).isEqualTo(2);
        assertThat(run(shares(), "coin", "--seed", "many")).isEqualTo(2);
        assertThat(run(shares(), "coin", "--data")).isEqualTo(2);

        assertThat(out.toString()).isEmpty();
        assertThat(err.toString().lines()).hasSize(4).allMatch(line -> line.endsWith("; see --help"));
    }

    @Test
    void helpIsNoMistake() {
        assertThat(run(shares(), "--help")).isZero();

        assertThat(out.toString()).contains("--report-on", "Exit code 0", "../shared/data");
    }

    @Test
    void missingDataIsSaidInOneLine() {
        assertThat(run(Tasks.all(), "xquad", "--data", dir.toString())).isEqualTo(2);

        assertThat(out.toString()).isEmpty();
        assertThat(err.toString().strip())
                .isEqualTo("Reading data from " + dir.resolve("xquad") + ": there is no such folder; name the folder"
                        + " that holds the sets with --data or --report-on");
    }

    @Test
    void anEmptyFolderIsSaidInOneLine() throws IOException {
        Files.createDirectories(dir.resolve("xquad"));

        assertThat(run(Tasks.all(), "xquad", "--report-on", dir.toString())).isEqualTo(2);

        assertThat(err.toString().lines())
                .singleElement()
                .asString()
                .startsWith("Reading " + dir.resolve("xquad") + ": none of its 0 files has rows with the fields");
    }

    @Test
    void damagedDataIsSaidInOneLine() throws IOException {
        Files.createDirectories(dir.resolve("xquad"));
        Files.writeString(dir.resolve("xquad/c"), "{\"_id\":\"en-1\",\"title\":\"t\",\"text\":\"a\"}\n{\"_id\":");

        assertThat(run(Tasks.all(), "xquad", "--data", dir.toString(), "--json"))
                .isEqualTo(2);

        assertThat(out.toString()).isEmpty();
        assertThat(err.toString().lines())
                .singleElement()
                .asString()
                .startsWith(dir.resolve("xquad/c") + ", line 2: the line is not one JSON object");
    }

    @Test
    void aFaultOfTheProgramIsNotTakenForMissingData() {
        MeasureTask broken = task(context -> {
            throw new IllegalStateException("broken");
        });

        assertThat(run(List.of(broken), "coin")).isEqualTo(1);
        assertThat(err.toString()).contains("IllegalStateException: broken");
    }

    private List<MeasureTask> shares() {
        return List.of(task(context -> {
            contexts.add(context);
            context.progress().accept("tossing");
            return List.of(
                    Figure.share("coin/a", "heads", 50, 100),
                    new Figure("coin/bb", "error", 1.25, new Interval(1, 1.5, 0.95), 1000));
        }));
    }

    private static MeasureTask task(Function<MeasureContext, List<Figure>> run) {
        return new MeasureTask() {
            @Override
            public String name() {
                return "coin";
            }

            @Override
            public String description() {
                return "tosses a coin";
            }

            @Override
            public List<Figure> run(MeasureContext context) {
                return run.apply(context);
            }
        };
    }

    private int run(List<MeasureTask> tasks, String... args) {
        return Measure.run(tasks, new PrintWriter(out, true), new PrintWriter(err, true), args);
    }
}
