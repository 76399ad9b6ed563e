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
final class ClassifierTaskTest {

    @TempDir
    Path dir = Path.of("");

    @Test
    void reportsOnRowsThatWereNotTrainedOn() throws IOException {
        TwoIntents.write(dir);

        List<Figure> figures =
                new ClassifierTask(TwoIntents::model).run(new MeasureContext(dir, Optional.empty(), 42, line -> {}));

        assertThat(figures)
                .extracting(Figure::set)
                .contains("clinc150", "clinc150, 10 each", "clinc150, 5 each", "banking77, 5 each");
        assertThat(value(figures, "clinc150", "accuracy")).isEqualTo(1);
        assertThat(value(figures, "clinc150", "accuracy, kNN")).isEqualTo(1);
        assertThat(value(figures, "clinc150", "accuracy, centroid")).isEqualTo(1);
        assertThat(value(figures, "clinc150", "out-of-scope AUROC")).isGreaterThan(0.9);
        assertThat(value(figures, "banking77", "file, kB")).isBetween(1.0, 100.0);
        assertThat(figures)
                .filteredOn(figure -> figure.name().equals("accuracy"))
                .extracting(Figure::n)
                .containsOnly(10L, 8L);
    }

    @Test
    void saysWhatIsMissing() throws IOException {
        Files.createDirectories(dir.resolve("clinc150"));
        Files.writeString(
                dir.resolve("clinc150/val.jsonl"), "{\"text\":\"pay\",\"intent\":\"pay\",\"split\":\"val\"}\n");
        assertThatExceptionOfType(MissingDataException.class)
                .isThrownBy(() -> new ClassifierTask(TwoIntents::model)
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
