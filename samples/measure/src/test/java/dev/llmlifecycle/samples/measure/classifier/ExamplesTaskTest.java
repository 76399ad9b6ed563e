package dev.llmlifecycle.samples.measure.classifier;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import dev.llmlifecycle.samples.measure.data.MissingDataException;
import dev.llmlifecycle.samples.measure.task.Figure;
import dev.llmlifecycle.samples.measure.task.MeasureContext;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

@NullMarked
final class ExamplesTaskTest {

    @TempDir
    Path dir = Path.of("");

    @Test
    void reportsOnRowsThatWereNotTrainedOn() throws IOException {
        TwoIntents.write(dir);

        List<Figure> figures =
                new ExamplesTask(TwoIntents::model).run(new MeasureContext(dir, Optional.empty(), 42, line -> {}));

        assertThat(figures)
                .extracting(Figure::set)
                .contains("clinc150", "clinc150, 10 each", "banking77", "banking77, 10 each");
        assertThat(value(figures, "clinc150", "kNN, k=1")).isEqualTo(1);
        assertThat(value(figures, "clinc150", "BM25, k=1")).isEqualTo(1);
        assertThat(value(figures, "clinc150", "knapsack, k=10")).isEqualTo(1);
        assertThat(value(figures, "clinc150", "random, k=1")).isLessThan(1);
        assertThat(value(figures, "clinc150", "kNN minus random, k=1"))
                .isEqualTo(1 - value(figures, "clinc150", "random, k=1"));
        assertThat(value(figures, "banking77", "kNN, 64 tokens")).isEqualTo(1);
        assertThat(value(figures, "banking77", "kNN, 64 tokens: different intents"))
                .isGreaterThanOrEqualTo(1);
        assertThat(figures).extracting(Figure::n).containsOnly(10L, 8L);
    }

    @Test
    void saysWhatIsMissing() throws IOException {
        Files.createDirectories(dir.resolve("clinc150"));
        Files.writeString(
                dir.resolve("clinc150/val.jsonl"), "{\"text\":\"pay\",\"intent\":\"pay\",\"split\":\"val\"}\n");
        assertThatExceptionOfType(MissingDataException.class)
                .isThrownBy(() -> new ExamplesTask(TwoIntents::model)
                        .run(new MeasureContext(dir, Optional.empty(), 42, line -> {})))
                .withMessage("Reading clinc150 found 0 texts to train on and 1 to report on; it takes both");
    }

    private static double value(List<Figure> figures, String set, String name) {
        return figures.stream()
                .filter(figure -> figure.set().equals(set) && figure.name().equals(name))
                .findFirst()
                .orElseThrow()
                .value();
    }
}
