package dev.llmlifecycle.samples.measure.hybrid;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
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
final class HybridTaskTest {

    /** Every text is the same to it, so that vectors rank by id. */
    private static final EmbeddingModel BLIND = new EmbeddingModel() {
        @Override
        public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
            return Response.from(segments.stream()
                    .map(segment -> Embedding.from(new float[] {1, 0}))
                    .toList());
        }
    };

    @TempDir
    Path dir = Path.of("");

    @Test
    void learnsFromOneHalfAndReportsOnTheOther() throws IOException {
        pubmedqa(dir, 100);

        List<Figure> figures = run(Optional.empty());

        assertThat(figures).extracting(Figure::set).containsOnly("pubmedqa");
        assertThat(figures).extracting(Figure::n).containsOnly(50L);
        assertThat(value(figures, "bm25 recall@1")).isEqualTo(1.0);
        assertThat(value(figures, "vector recall@1")).isLessThan(0.1);
        assertThat(value(figures, "learned recall@1")).isEqualTo(1.0);
        assertThat(figures)
                .extracting(Figure::name)
                .contains(
                        "rrf MRR",
                        "relative score nDCG@10",
                        "relative score + words recall@10",
                        "relative score + mmr recall@5",
                        "learned + words nDCG@10",
                        "learned minus bm25 nDCG@10",
                        "bm25, misspelt, corrected nDCG@10");
    }

    @Test
    void leavesOutWhatCannotBeLearnedFromFewQuestions() throws IOException {
        pubmedqa(dir, 10);

        assertThat(run(Optional.empty())).extracting(Figure::name).noneMatch(name -> name.contains("learned"));
    }

    @Test
    void reportsOnAllOfTheOtherFolder() throws IOException {
        pubmedqa(dir, 50);
        Path other = dir.resolve("other");
        pubmedqa(other, 30);

        List<Figure> figures = run(Optional.of(other));

        assertThat(figures).extracting(Figure::n).containsOnly(30L);
        assertThat(value(figures, "learned recall@1")).isEqualTo(1.0);
    }

    @Test
    void readsQuestionsOfEverySet() throws IOException {
        write(
                dir.resolve("xquad/c.jsonl"),
                "{\"_id\":\"en-1\",\"title\":\"T\",\"text\":\"red fox\"}",
                "{\"_id\":\"en-2\",\"title\":\"T\",\"text\":\"blue sea\"}",
                "{\"_id\":\"de-1\",\"title\":\"T\",\"text\":\"roter Fuchs\"}");
        write(
                dir.resolve("xquad/q.jsonl"),
                "{\"_id\":\"q1\",\"text\":\"fox?\",\"answers\":[],\"doc_id\":\"en-1\"}",
                "{\"_id\":\"q2\",\"text\":\"sea?\",\"answers\":[],\"doc_id\":\"en-2\"}",
                "{\"_id\":\"q3\",\"text\":\"Fuchs?\",\"answers\":[],\"doc_id\":\"de-1\"}");
        // The emoji makes offsets in code points differ from those in chars.
        write(dir.resolve("chunking_eval/corpora/zoo.md"), "\uD83D\uDE00 Zebras are striped.");
        write(
                dir.resolve("chunking_eval/q.jsonl"),
                "{\"question\":\"Stripes?\",\"corpus_id\":\"zoo\",\"references\":[{\"start_index\":2,\"end_index\":21}]}");
        write(dir.resolve("mtrag_human_eval/d.jsonl"), "{\"document_id\":\"d1\",\"text\":\"Law libraries\"}");
        write(
                dir.resolve("mtrag_human_eval/t.jsonl"),
                "{\"task_id\":\"c1<::>2\",\"input\":[{\"text\":\"hello\"},{\"text\":\"library?\"}],"
                        + "\"contexts\":[{\"document_id\":\"d1\"},{\"document_id\":\"unknown\"}]}",
                "{\"task_id\":\"c1<::>3\",\"input\":[{\"text\":\"none\"}],\"contexts\":[]}");

        assertThat(set("xquad/en").questions()).hasSize(2);
        assertThat(set("xquad/de").questions())
                .extracting(RetrievalSet.Question::text)
                .containsExactly("Fuchs?");
        assertThat(set("chunking_eval").questions().get(0).relevant()).containsExactly("zoo#0");
        assertThat(set("mtrag_human_eval").questions())
                .containsExactly(new RetrievalSet.Question("c1", "library?", Set.of("d1")));
        assertThat(set("xquad/en").half(true))
                .extracting(RetrievalSet.Question::text)
                .containsExactly("fox?");
    }

    @Test
    void saysWhatIsMissingOrDamaged() throws IOException {
        assertThatExceptionOfType(MissingDataException.class)
                .isThrownBy(() -> run(Optional.empty()))
                .withMessageContaining("none of the sets");
        write(dir.resolve("chunking_eval/corpora/zoo.md"), "Zebras.");
        write(
                dir.resolve("chunking_eval/q.jsonl"),
                "{\"question\":\"Q?\",\"corpus_id\":\"zoo\",\"references\":[{\"start_index\":2,\"end_index\":21}]}");
        assertThatExceptionOfType(DamagedDataException.class)
                .isThrownBy(() -> run(Optional.empty()))
                .withMessageContaining("from 2 to 21");
    }

    @Test
    void misspellsTheLongestWord() {
        assertThat(Misspelling.of("Is it abcd?", new SplittableRandom(1))).isIn("Is it acbd?", "Is it abdc?");
        assertThat(Misspelling.of("Is it?", new SplittableRandom(1))).isEqualTo("Is it?");
    }

    private RetrievalSet set(String name) {
        return Objects.requireNonNull(RetrievalSets.all().get(name)).apply(dir);
    }

    private static double value(List<Figure> figures, String name) {
        return figures.stream()
                .filter(figure -> figure.name().equals(name))
                .findFirst()
                .orElseThrow()
                .value();
    }

    private List<Figure> run(Optional<Path> reportOn) {
        return new HybridTask(() -> BLIND).run(new MeasureContext(dir, reportOn, 42, line -> {}));
    }

    private static void pubmedqa(Path data, int rows) throws IOException {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            lines.add("{\"pmid\":\"" + (1_000 + i) + "\",\"QUESTION\":\"Is item" + i
                    + "x good?\",\"CONTEXTS\":[\"About item" + i + "x and others.\"]}");
        }
        write(data.resolve("pubmedqa/rows.jsonl"), lines.toArray(String[]::new));
    }

    private static void write(Path file, String... lines) throws IOException {
        Files.createDirectories(file.getParent());
        Files.write(file, List.of(lines));
    }
}
