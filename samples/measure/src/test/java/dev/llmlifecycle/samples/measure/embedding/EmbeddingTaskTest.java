package dev.llmlifecycle.samples.measure.embedding;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
import static org.assertj.core.api.Assertions.within;

@NullMarked
final class EmbeddingTaskTest {

    @TempDir
    Path dir = Path.of("");

    @Test
    void comparesTwoModelsOnTheirCostAndTheirVectors() throws IOException {
        Files.createDirectories(dir.resolve("clinc150"));
        Files.createDirectories(dir.resolve("chunking_eval"));
        Files.writeString(dir.resolve("clinc150/a.jsonl"), "{\"text\":\"pay my bill\",\"intent\":\"pay\"}\n".repeat(3));
        Files.writeString(
                dir.resolve("chunking_eval/q.jsonl"),
                "{\"question\":\"Why?\",\"references\":[{\"content\":\"Because.\"},{\"content\":\"So.\"}]}\n");

        List<Figure> figures = new EmbeddingTask(() -> model(1), () -> model(2))
                .run(new MeasureContext(dir, Optional.empty(), 42, line -> {}));

        assertThat(figures).extracting(Figure::set).containsOnly("clinc150", "chunking_eval");
        assertThat(figures)
                .extracting(Figure::name)
                .startsWith(
                        "texts per CPU second",
                        "texts per CPU second, langchain4j embedAll",
                        "ratio",
                        "smallest cosine");
        assertThat(figures)
                .filteredOn(figure -> figure.name().equals("smallest cosine"))
                .allSatisfy(figure -> assertThat(figure.value()).isCloseTo(Math.sqrt(0.5), within(1e-6)));
        assertThat(figures.get(0).value()).isPositive();
    }

    private static EmbeddingModel model(float x) {
        float[] vector = x == 1 ? new float[] {1, 0} : new float[] {1, 1};
        return new EmbeddingModel() {
            @Override
            public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
                return Response.from(
                        segments.stream().map(segment -> Embedding.from(vector)).toList());
            }
        };
    }
}
