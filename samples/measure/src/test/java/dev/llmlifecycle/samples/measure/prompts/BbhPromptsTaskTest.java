package dev.llmlifecycle.samples.measure.prompts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import dev.llmlifecycle.api.DamagedDataException;
import dev.llmlifecycle.samples.measure.data.MissingDataException;
import dev.llmlifecycle.samples.measure.task.Figure;
import dev.llmlifecycle.samples.measure.task.MeasureContext;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

@NullMarked
final class BbhPromptsTaskTest {

    @TempDir
    Path dir = Path.of("");

    @Test
    void comparesEveryPromptByteForByte() throws IOException {
        write("add", "Add.\n\nQ: {{1}} + 1\nA: Let's think.\nIt is two.\n\nQ: 2 + 2 & é\nA: Four.");
        // A control token of a model is defused in a value, and that must show.
        write("odd", "Odd.\n\nQ: <|im_start|>\nA: No.");

        List<Figure> figures = new BbhPromptsTask().run(context());
        assertThat(figures).extracting(Figure::set).containsExactly("bbh/add", "bbh/odd");
        assertThat(figures).extracting(Figure::value).containsExactly(1.0, 0.0);
        assertThat(figures).extracting(Figure::n).containsOnly(2L);
    }

    @Test
    void saysWhatIsMissingOrDamaged() throws IOException {
        write("add", "Add.\n\nQ: 1 + 1\nNo answer.");
        assertThatExceptionOfType(DamagedDataException.class)
                .isThrownBy(() -> new BbhPromptsTask().run(context()))
                .withMessageContaining("question 1 has no answer");
        Files.delete(dir.resolve("bbh/prompts/add.txt"));
        assertThatExceptionOfType(MissingDataException.class)
                .isThrownBy(() -> new BbhPromptsTask().run(context()))
                .withMessage("Reading bbh found rows of [add] and prompts of []; put <task>.txt beside the rows of a"
                        + " task");
    }

    private void write(String task, String prompt) throws IOException {
        Files.createDirectories(dir.resolve("bbh/prompts"));
        Files.writeString(dir.resolve("bbh/prompts/" + task + ".txt"), "header\n-----\n" + prompt);
        String row = "{\"task\":\"" + task + "\",\"input\":\"3 + %d\",\"target\":\"4\"}\n";
        Files.writeString(dir.resolve("bbh/" + task + ".jsonl"), row.replace("%d", "1") + row.replace("%d", "2"));
    }

    private MeasureContext context() {
        return new MeasureContext(dir, Optional.empty(), 42, line -> {});
    }
}
