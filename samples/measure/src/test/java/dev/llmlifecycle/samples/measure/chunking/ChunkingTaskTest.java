package dev.llmlifecycle.samples.measure.chunking;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.TokenCountEstimator;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.output.Response;
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
final class ChunkingTaskTest {

    /** The emoji makes offsets in code points differ from those in chars. */
    private static final String CORPUS =
            "\uD83D\uDE00 Zebras are striped.\n\nApples are " + "very ".repeat(95) + "red.\n\nDogs bark.";

    /** Texts about zebras are alike, and all others. */
    private static final EmbeddingModel ZEBRAS = new EmbeddingModel() {
        @Override
        public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
            return Response.from(segments.stream()
                    .map(segment ->
                            Embedding.from(segment.text().contains("ebra") ? new float[] {1, 0} : new float[] {0, 1}))
                    .toList());
        }
    };

    @TempDir
    Path dir = Path.of("");

    @Test
    void measuresEveryChunkerOnEachCorpusAndOverall() throws IOException {
        write("zoo.md", CORPUS);
        write("questions.jsonl", question("Zebras are striped.", 2, 21));

        List<Figure> figures = run();

        assertThat(figures).hasSize(10 * 2 * 3);
        assertThat(figures).extracting(Figure::set).containsOnly("chunking_eval", "chunking_eval/zoo");
        // All chunks of the small corpus are among the five nearest.
        assertThat(figures)
                .filteredOn(figure -> figure.name().endsWith("recall"))
                .extracting(Figure::value)
                .containsOnly(1.0);
        assertThat(figures)
                .filteredOn(figure -> figure.name().equals("structure 100 precision"))
                .extracting(Figure::value)
                .containsOnly(4.0 / 107);
    }

    @Test
    void saysWhatIsMissingOrDamaged() throws IOException {
        write("questions.jsonl", question("Zebras are striped.", 2, 21));
        assertThatExceptionOfType(MissingDataException.class)
                .isThrownBy(this::run)
                .withMessageContaining("there is no text of the corpus 'zoo'; put zoo.md there");
        write("zoo.md", CORPUS);
        write("questions.jsonl", question("Zebras are striped.", 3, 22));
        assertThatExceptionOfType(DamagedDataException.class)
                .isThrownBy(this::run)
                .withMessageContaining("the reference from 3 to 22 is not what its corpus has there");
    }

    private List<Figure> run() {
        ChunkingTask task = new ChunkingTask(() -> ZEBRAS, Words::new);
        return task.run(new MeasureContext(dir, Optional.empty(), 42, line -> {}));
    }

    private static String question(String content, int from, int to) {
        String row = "{\"question\":\"Which animal?\",\"corpus_id\":\"zoo\",\"references\":[{\"content\":\"" + content
                + "\",\"start_index\":" + from + ",\"end_index\":" + to + "}]}\n";
        return row + row;
    }

    private void write(String name, String text) throws IOException {
        Path folder = Files.createDirectories(dir.resolve("chunking_eval"));
        Files.writeString(folder.resolve(name), text);
    }

    private static final class Words implements TokenCountEstimator {

        @Override
        public int estimateTokenCountInText(String text) {
            return text.isBlank() ? 0 : text.strip().split("\\s+").length;
        }

        @Override
        public int estimateTokenCountInMessage(ChatMessage message) {
            throw new UnsupportedOperationException("texts only");
        }

        @Override
        public int estimateTokenCountInMessages(Iterable<ChatMessage> messages) {
            throw new UnsupportedOperationException("texts only");
        }
    }
}
