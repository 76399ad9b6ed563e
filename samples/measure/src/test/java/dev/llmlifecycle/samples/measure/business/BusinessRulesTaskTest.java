package dev.llmlifecycle.samples.measure.business;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import dev.llmlifecycle.samples.measure.task.Figure;
import dev.llmlifecycle.samples.measure.task.MeasureContext;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

@NullMarked
final class BusinessRulesTaskTest {

    @TempDir
    Path dir = Path.of("");

    @Test
    @DisplayName("changed prices are counted as found, right sentences as let pass, totals as alarms")
    void countsSentences() throws IOException {
        Files.createDirectories(dir.resolve("gsm8k"));
        Files.write(
                dir.resolve("gsm8k/rows.jsonl"),
                List.of(
                        row(
                                "A pen costs $2 and a ruler costs $3. Ann has $20 for one pen. How much is left?",
                                "Two pens cost 2*2 = $<<2*2=4>>4. She has $16."),
                        row("Nothing has a price here.", "No.")));

        List<Figure> figures = new BusinessRulesTask().run(new MeasureContext(dir, Optional.of(dir), 42, line -> {}));

        assertThat(figures)
                .extracting(Figure::name, Figure::value, Figure::n)
                .containsExactly(
                        tuple("one dollar more, found", 1.0, 2L),
                        tuple("price as it is, let pass", 1.0, 1L),
                        tuple("other amounts of the question, let pass", 0.0, 1L),
                        tuple("amounts of the worked solution, let pass", 0.0, 1L));
    }

    private static String row(String question, String solution) {
        return "{\"question\":\"" + question + "\",\"ground_truth\":\"" + solution + "\"}";
    }
}
