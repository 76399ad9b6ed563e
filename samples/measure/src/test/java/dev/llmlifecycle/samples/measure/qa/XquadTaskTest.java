package dev.llmlifecycle.samples.measure.qa;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.segment.TextSegment;
import dev.llmlifecycle.api.retrieval.Passage;
import dev.llmlifecycle.samples.measure.task.Figure;
import dev.llmlifecycle.samples.measure.task.MeasureContext;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static dev.llmlifecycle.samples.measure.qa.QuestionSetTest.passage;
import static dev.llmlifecycle.samples.measure.qa.QuestionSetTest.question;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

@NullMarked
final class XquadTaskTest {

    @TempDir
    Path dir = Path.of("");

    @Test
    void countsPassagesAndAnswers() throws IOException {
        // The scripted system finds p1 p1 p2 p3 p4 p5 p6, whatever is asked, and quotes its first sentences.
        List<String> passages = new ArrayList<>();
        for (int i = 1; i <= 6; i++) {
            passages.add(passage("en-" + i, "Answer " + i + "."));
        }
        Files.createDirectories(dir.resolve("data/xquad"));
        Files.write(dir.resolve("data/xquad/c"), passages);
        Files.write(
                dir.resolve("data/xquad/q"),
                List.of(
                        question("q1", "first?", "answer 1", "en-1"),
                        question("q2", "second?", "Answer 2", "en-2"),
                        question("q5", "fifth?", "answer 5", "en-5"),
                        question("q6", "sixth?", "answer 6", "en-6")));
        List<Scripted> systems = new ArrayList<>();

        List<Figure> figures = run(systems, Optional.empty());

        assertThat(figures)
                .extracting(Figure::set, Figure::name, Figure::value, Figure::n)
                .containsExactly(
                        tuple("xquad/en", "recall@1", 0.25, 4L),
                        tuple("xquad/en", "recall@5", 0.75, 4L),
                        tuple("xquad/en", "answer in one sentence", 0.25, 4L),
                        tuple("xquad/en", "answer in two sentences", 0.5, 4L));
        assertThat(systems).hasSize(1).allMatch(system -> system.closed);
    }

    @Test
    void reportsOnTheOtherFolderAndNeedsNoTrainingData() throws IOException {
        Files.createDirectories(dir.resolve("kept/xquad"));
        Files.write(dir.resolve("kept/xquad/c"), List.of(passage("de-1", "Rot.")));
        Files.write(dir.resolve("kept/xquad/q"), List.of(question("q1", "Farbe?", "rot", "de-1")));

        List<Figure> figures = run(new ArrayList<>(), Optional.of(dir.resolve("kept")));

        assertThat(figures).extracting(Figure::set).containsOnly("xquad/de");
        assertThat(figures).extracting(Figure::value).containsOnly(1.0);
    }

    @Test
    void asksAgainWhileTheArticleIsMissing() throws IOException {
        // Article a has "red", which is in article b too; article b alone has "blue".
        Files.createDirectories(dir.resolve("data/xquad"));
        Files.write(
                dir.resolve("data/xquad/c"),
                List.of(
                        passage("en-1", "red").replace("Title", "a"),
                        passage("en-2", "red blue").replace("Title", "b")));
        Files.write(
                dir.resolve("data/xquad/q"),
                List.of(question("q1", "red?", "red", "en-1"), question("q2", "blue?", "blue", "en-2")));

        List<Figure> figures = run(new ArrayList<>(), Optional.empty());

        assertThat(figures)
                .extracting(Figure::name, Figure::value)
                .endsWith(
                        tuple("abstention AUROC", 0.75),
                        tuple("answered", 1.0),
                        tuple("answered without the article", 0.5));
        Figure area = figures.get(figures.size() - 3);
        assertThat(area.interval().low()).isLessThanOrEqualTo(area.value());
    }

    private List<Figure> run(List<Scripted> systems, Optional<Path> reportOn) {
        XquadTask task = new XquadTask(() -> {
            Scripted system = new Scripted();
            systems.add(system);
            return system;
        });
        return task.run(new MeasureContext(dir.resolve("data"), reportOn, 42, line -> {}));
    }

    private static final class Scripted implements SystemUnderTest {
        private List<QuestionSet.Passage> passages = List.of();
        private boolean closed;

        @Override
        public void index(List<QuestionSet.Passage> indexed) {
            passages = indexed;
        }

        /** As many tenths as passages have a word of the question. */
        @Override
        public double support(String question, List<Passage> found) {
            String word = question.substring(0, question.indexOf('?'));
            return found.stream()
                            .filter(passage -> passage.text().contains(word))
                            .count()
                    / 10.0;
        }

        @Override
        public boolean answers(double support) {
            return support >= 0.1;
        }

        @Override
        public List<Passage> search(String question) {
            List<Passage> found = new ArrayList<>();
            found.add(piece(passages.get(0), "#0"));
            passages.forEach(passage -> found.add(piece(passage, "#1")));
            return found;
        }

        @Override
        public String answer(String question, List<Passage> found, int sentences) {
            return String.join(
                    " ",
                    found.stream()
                            .map(Passage::text)
                            .distinct()
                            .limit(sentences)
                            .toList());
        }

        @Override
        public void close() {
            closed = true;
        }

        private static Passage piece(QuestionSet.Passage passage, String suffix) {
            Metadata metadata = Metadata.from(Passage.SOURCE, passage.id());
            return new Passage(passage.id() + suffix, TextSegment.from(passage.text(), metadata), 1);
        }
    }
}
