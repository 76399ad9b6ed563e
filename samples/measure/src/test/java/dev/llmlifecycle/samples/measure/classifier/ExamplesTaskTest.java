package dev.llmlifecycle.samples.measure.classifier;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.output.Response;
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
        Files.createDirectories(dir.resolve("clinc150"));
        Files.createDirectories(dir.resolve("banking77"));
        StringBuilder clinc = new StringBuilder();
        StringBuilder banking = new StringBuilder();
        for (int i = 0; i < 20; i++) {
            for (String intent : List.of("pay", "card")) {
                String split = i % 4 == 3 ? "val" : "train";
                clinc.append(String.format(
                        Locale.ROOT,
                        "{\"text\":\"%s number %d\",\"intent\":\"%s\",\"split\":\"%s\"}%n",
                        intent,
                        i,
                        intent,
                        split));
                banking.append(
                        String.format(Locale.ROOT, "{\"text\":\"%s %d\",\"category\":\"%s\"}%n", intent, i, intent));
            }
            clinc.append(String.format(
                    Locale.ROOT, "{\"text\":\"planet %d\",\"intent\":\"oos\",\"split\":\"oos_val\"}%n", i));
        }
        Files.writeString(dir.resolve("clinc150/all.jsonl"), clinc);
        Files.writeString(dir.resolve("banking77/train.jsonl"), banking);

        List<Figure> figures = new ExamplesTask(ExamplesTaskTest::model)
                .run(new MeasureContext(dir, Optional.empty(), 42, line -> {}));

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
                .isThrownBy(() -> new ExamplesTask(ExamplesTaskTest::model)
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

    private static EmbeddingModel model() {
        return new EmbeddingModel() {
            @Override
            public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
                return Response.from(segments.stream()
                        .map(segment -> Embedding.from(new float[] {
                            segment.text().contains("pay") ? 1 : 0,
                            segment.text().contains("card") ? 1 : 0,
                            segment.text().contains("planet") ? 1 : 0,
                            0.1f
                        }))
                        .toList());
            }

            @Override
            public int dimension() {
                return 4;
            }
        };
    }
}
