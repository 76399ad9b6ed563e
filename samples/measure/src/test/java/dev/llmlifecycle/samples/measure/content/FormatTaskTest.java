package dev.llmlifecycle.samples.measure.content;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.llmlifecycle.samples.measure.data.MissingDataException;
import dev.llmlifecycle.samples.measure.task.Figure;
import dev.llmlifecycle.samples.measure.task.MeasureContext;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

@NullMarked
final class FormatTaskTest {

    @TempDir
    Path dir = Path.of("");

    @Test
    @DisplayName("schemas, arguments of tools, repairs and instructions are counted")
    void counts() throws IOException {
        suite("draft2020-12");
        suite("draft7");
        Path tools = Files.createDirectories(dir.resolve("bfcl_tool_calls"));
        Files.writeString(tools.resolve("a.jsonl"), """
                {"id":"1","function":[{"name":"f","parameters":{"type":"dict","properties":{"x":{"type":"float"},"s":{"type":"string"}},"required":["x"]}}],"ground_truth":[{"f":{"x":[1.5],"s":["a b",""]}}]}
                {"id":"2","function":[{"name":"g","parameters":{"type":"dict","properties":{"x":{"type":"integer"}},"required":["x"]}}],"ground_truth":[{"g":{"x":["one"]}}]}
                """);
        Path prompts = Files.createDirectories(dir.resolve("ifeval_prompts"));
        Files.writeString(prompts.resolve("a.jsonl"), """
                {"prompt":"p","instruction_id_list":["punctuation:no_comma","keywords:frequency"],"kwargs":[{},{}]}
                {"prompt":"q","instruction_id_list":["keywords:forbidden_words"],"kwargs":[{"forbidden_words":["x"]}]}
                """);

        List<Figure> figures = new FormatTask().run(new MeasureContext(dir, Optional.empty(), 42, line -> {}));

        assertThat(figures)
                .filteredOn(figure -> !figure.set().startsWith("repair/"))
                .extracting(Figure::set, Figure::name, Figure::value)
                .containsExactly(
                        tuple("json_schema_test_suite/draft2020-12", "agreement", 1.0),
                        tuple("json_schema_test_suite/draft7", "agreement", 1.0),
                        tuple("bfcl_tool_calls", "right arguments pass", 0.5),
                        tuple("bfcl_tool_calls", "refused: missing argument", 1.0),
                        tuple("bfcl_tool_calls", "refused: other type", 1.0),
                        tuple("bfcl_tool_calls", "refused: unknown argument", 1.0),
                        tuple("ifeval_prompts", "instructions that a shipped check covers", 2 / 3.0),
                        tuple("ifeval_prompts", "prompts of which shipped checks cover all", 0.5));
        assertThat(figures)
                .filteredOn(figure -> figure.set().equals("repair/all"))
                .extracting(Figure::value)
                .containsExactly(1.0, 0.0);
    }

    @Test
    @DisplayName("each way breaks a document that has what it breaks")
    void breaks() throws IOException {
        JsonNode value = new ObjectMapper()
                .readTree("{\"name\":\"a small cup\",\"list\":[1,2],\"yes\":true,\"no\":null,\"q\":\"it's\"}");

        for (BrokenJson way : BrokenJson.values()) {
            assertThat(way.of(value, new SplittableRandom(1)))
                    .as(way.name())
                    .isNotEqualTo(value.toPrettyString())
                    .contains("name");
        }
        assertThat(BrokenJson.PYTHON.of(value, new SplittableRandom(1)))
                .isEqualTo("{'name': 'a small cup', 'list': [1, 2], 'yes': True, 'no': None, 'q': \"it's\"}");
    }

    @Test
    void namesTheFolderThatIsMissing() {
        assertThatExceptionOfType(MissingDataException.class)
                .isThrownBy(() -> new FormatTask().run(new MeasureContext(dir, Optional.empty(), 42, line -> {})))
                .withMessageContaining("json_schema_test_suite");
    }

    private void suite(String draft) throws IOException {
        Path tests = Files.createDirectories(dir.resolve("json_schema_test_suite/tests/" + draft + "/optional"));
        Files.writeString(tests.resolve("skipped.json"), "[{\"schema\":{},\"tests\":[{\"data\":1,\"valid\":false}]}]");
        Files.writeString(
                tests.resolveSibling("type.json"),
                "[{\"schema\":{\"type\":\"integer\"},\"tests\":[{\"data\":1,\"valid\":true},{\"data\":\"1\",\"valid\":false}]}]");
    }
}
