package dev.llmlifecycle.samples.measure.classifier;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.output.Response;
import dev.llmlifecycle.samples.measure.task.Figure;
import dev.llmlifecycle.samples.measure.task.MeasureContext;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

@NullMarked
final class RoutingTaskTest {

    @TempDir
    Path dir = Path.of("");

    @Test
    void reportsOnRowsThatWereNotExamples() throws IOException {
        Files.createDirectories(dir.resolve("clinc150"));
        Files.createDirectories(dir.resolve("banking77"));
        StringBuilder clinc = new StringBuilder();
        StringBuilder banking = new StringBuilder();
        for (int i = 0; i < 40; i++) {
            for (String intent : List.of("pay", "card")) {
                String split = i % 4 == 3 ? "val" : "train";
                clinc.append(row(intent + " number " + i, "intent", intent, split));
                banking.append(row(intent + " " + i, "category", intent, split));
            }
            clinc.append(row("planet " + i, "intent", "oos", i < 25 ? "oos_train" : "oos_val"));
        }
        // Under two intents at once, which a router refuses; the first keeps it.
        clinc.append(row("Pay number 0!", "intent", "card", "train"));
        Files.writeString(dir.resolve("clinc150/all.jsonl"), clinc);
        Files.writeString(dir.resolve("banking77/train.jsonl"), banking);
        List<String> progress = new ArrayList<>();

        List<Figure> figures = new RoutingTask(RoutingTaskTest::model, 1)
                .run(new MeasureContext(dir, Optional.empty(), 42, progress::add));

        assertThat(figures)
                .extracting(Figure::set)
                .contains(
                        "clinc150",
                        "clinc150, head",
                        "clinc150, 5 each",
                        "clinc150, 10 each, head",
                        "clinc150, head, out-of-scope examples",
                        "clinc150, two in one",
                        "banking77, 5 each, head");
        assertThat(value(figures, "clinc150", "accuracy")).isEqualTo(1);
        assertThat(value(figures, "clinc150, head", "accuracy")).isEqualTo(1);
        assertThat(value(figures, "clinc150", "out-of-scope AUROC")).isGreaterThan(0.9);
        assertThat(value(figures, "clinc150, out-of-scope examples", "out-of-scope recall"))
                .isEqualTo(1);
        assertThat(value(figures, "clinc150, two in one", "both intents found")).isGreaterThan(0.5);
        assertThat(figures)
                .filteredOn(figure -> figure.name().equals("accuracy"))
                .extracting(Figure::n)
                .containsOnly(20L, 16L);
        assertThat(figures)
                .filteredOn(figure -> figure.name().equals("out-of-scope AUROC"))
                .extracting(Figure::n)
                .containsOnly(60L, 35L);
        assertThat(progress).contains("clinc150: accuracy 1.0000");
    }

    private static String row(String text, String field, String intent, String split) {
        return String.format(
                Locale.ROOT, "{\"text\":\"%s\",\"%s\":\"%s\",\"split\":\"%s\"}%n", text, field, intent, split);
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
                        .map(segment -> Embedding.from(vector(segment.text().toLowerCase(Locale.ROOT))))
                        .toList());
            }

            private float[] vector(String text) {
                float noise = Math.floorMod(text.hashCode(), 97) / 970f;
                return new float[] {
                    text.contains("pay") ? 1 : 0, text.contains("card") ? 1 : 0, text.contains("planet") ? 1 : 0, noise
                };
            }

            @Override
            public int dimension() {
                return 4;
            }
        };
    }
}
