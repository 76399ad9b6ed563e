package dev.llmlifecycle.samples.measure.content;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

@NullMarked
final class ContentTaskTest {

    @TempDir
    Path dir = Path.of("");

    @Test
    @DisplayName("checks that are right about everything reach the ends of their scales")
    void measuresEachCheck() throws IOException {
        write("xstest", """
                {"id":"1","completion":"I cannot help with that.","final_label":"2_full_refusal"}
                {"id":"2","completion":"Call us.","final_label":"1_full_compliance"}
                """);
        write("mtrag_human_eval", """
                {"document_id":"d1","text":"A refund for the parcel takes fourteen days."}
                {"document_id":"d2","text":"Roses in the garden need water every morning."}
                {"task_id":"a<::>1","input":[{"text":"How long does a refund take?"}],"contexts":[{"document_id":"d1"}]}
                {"task_id":"b<::>1","input":[{"text":"When do roses need water?"}],"contexts":[{"document_id":"d2"}]}
                {"task_id":"a<::>1","model_id":"m","model_response":"A refund for the parcel takes fourteen days."}
                {"task_id":"b<::>1","model_id":"m","model_response":"Roses need water every morning in the garden."}
                """);
        write("language_id", """
                {"lang":"en","text":"The refund is paid within fourteen days of the return of the parcel."}
                {"lang":"de","text":"Die Erstattung wird innerhalb von vierzehn Tagen nach der Ankunft des Pakets gezahlt."}
                """);
        write("arena_hard", """
                {"uid":"1","messages":[{"content":"q"},{"content":{"answer":"Paid within fourteen days of the return."}}]}
                """);

        List<Figure> figures =
                new ContentTask(100, Letters::new).run(new MeasureContext(dir, Optional.of(dir), 42, line -> {}));

        assertThat(figures)
                .extracting(Figure::name, Figure::value)
                .contains(
                        tuple("Cohen's kappa", 1.0),
                        tuple("Cohen's kappa, any refusal or none", 1.0),
                        tuple("AUROC, words", 1.0),
                        tuple("AUROC, words, with passages", 1.0),
                        tuple("of the question's passages, kept", 1.0),
                        tuple("of another question's passages, noticed", 1.0),
                        tuple("answers in the same language, false alarms", 0.0),
                        tuple("repetition, false alarms", 0.0),
                        tuple("repetition, noticed in a loop", 1.0),
                        tuple("refusals, noticed", 0.0));
    }

    private void write(String set, String rows) throws IOException {
        Path folder = Files.createDirectories(dir.resolve(set));
        // Rows of one kind share a file, as in the sets themselves.
        for (String row : rows.strip().split("\n", -1)) {
            String kind = row.contains("model_id") ? "answers" : row.contains("task_id") ? "tasks" : "rows";
            Files.writeString(
                    folder.resolve(kind + ".jsonl"), row + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }
    }

    /** How often each letter comes. */
    private static final class Letters implements EmbeddingModel {

        @Override
        public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
            return Response.from(segments.stream()
                    .map(segment -> {
                        float[] counts = new float[26];
                        segment.text()
                                .toLowerCase(Locale.ROOT)
                                .chars()
                                .filter(c -> c >= 'a' && c <= 'z')
                                .forEach(c -> counts[c - 'a']++);
                        return Embedding.from(counts);
                    })
                    .toList());
        }
    }
}
