package dev.llmlifecycle.samples.measure.cache;

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
import dev.llmlifecycle.samples.measure.task.Figure;
import dev.llmlifecycle.samples.measure.task.MeasureContext;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

@NullMarked
final class SemanticCacheTaskTest {

    private static final List<String> THINGS = List.of(
            "kettle", "parcel", "invoice", "voucher", "newsletter", "courier", "receipt", "basket", "garden", "window");

    @TempDir
    Path dir = Path.of("");

    @Test
    void reportsOnPairsThatWereNotCalibratedOn() throws IOException {
        StringBuilder reworded = new StringBuilder();
        StringBuilder xquad = new StringBuilder();
        StringBuilder banking = new StringBuilder();
        StringBuilder clinc = new StringBuilder();
        for (int i = 0; i < 300; i++) {
            String thing =
                    THINGS.get(i % THINGS.size()) + " of the " + THINGS.get(i / 10 % THINGS.size()) + " " + word(i);
            line(reworded, "{'origin': 'where is the %s', 'similar': 'tell me where the %s is'}", thing, thing);
            line(xquad, "{'text': 'what is %s', 'doc_id': 'en-%s', 'answers': [{'text': '%s'}]}", thing, i % 20, i);
            line(banking, "{'text': 'pay for the %s', 'category': '%s'}", thing, i % 10);
            line(clinc, "{'text': 'show the %s', 'intent': '%s', 'split': 'train'}", thing, i % 10);
        }
        line(reworded, "{'origin': 'Do 3 go to Berlin?', 'similar': 'Is it so that 3 go to Berlin in 2015?'}");
        write("cache_paraphrases", reworded);
        write("xquad", xquad);
        write("banking77", banking);
        write("clinc150", clinc);

        List<Figure> figures = new SemanticCacheTask(SemanticCacheTaskTest::model, 0.1)
                .run(new MeasureContext(dir, Optional.empty(), 42, line -> {}));

        assertThat(value(figures, "pairs, 10 % tolerated", "hit rate")).isBetween(0.1, 1.0);
        assertThat(value(figures, "pairs, 10 % tolerated", "false-hit rate")).isLessThan(0.15);
        assertThat(value(figures, "pairs, 10 % tolerated", "false-hit rate, negation"))
                .isZero();
        assertThat(value(figures, "pairs, 10 % tolerated", "stated bound (passes the guards)"))
                .isLessThanOrEqualTo(0.1);
        assertThat(value(figures, "pairs, 10 % tolerated", "AUROC")).isBetween(0.5, 1.0);
        assertThat(value(figures, "stream of banking77, 10 % tolerated", "wrong answers of all lookups"))
                .isLessThan(0.2);
        assertThat(figures)
                .filteredOn(figure ->
                        figure.name().equals("hit rate") && figure.set().startsWith("pairs"))
                .extracting(Figure::n)
                .first()
                .satisfies(n -> assertThat(n).isBetween(100L, 200L));
    }

    @Test
    void changesQuestionsSoThatTheyAskForSomethingElse() {
        ChangedQuestions changed = new ChangedQuestions(1);

        assertThat(changed.number("Do 3 go?").orElseThrow()).matches("Do [0-24-9] go\\?");
        assertThat(changed.number("in v2.10.0").orElseThrow()).matches("in v2\\.10\\.[1-9]");
        assertThat(changed.number("in 2015")).isEmpty();
        assertThat(changed.date("in 2015").orElseThrow()).matches("in 20(1[6-9]|2[0-4])");
        assertThat(changed.date("on monday")).contains("on tuesday");
        assertThat(changed.date("what is due tomorrow")).contains("what is due today");
        assertThat(changed.date("what is due")).isEmpty();
        assertThat(changed.negation("It is there")).contains("It is not there");
        assertThat(changed.negation("It isn't there")).isEmpty();
        assertThat(changed.name("go to Berlin now", List.of("Paris"))).contains("go to Paris now");
        assertThat(changed.name("go to berlin now", List.of("Paris"))).isEmpty();
        assertThat(ChangedQuestions.names(List.of("From Rome to Berlin"))).containsExactly("Rome", "Berlin");
    }

    private static String word(int number) {
        return "" + (char) ('a' + number % 26) + (char) ('a' + number / 26) + "ox";
    }

    private static void line(StringBuilder lines, String json, Object... values) {
        lines.append(String.format(Locale.ROOT, json.replace('\'', '"'), values))
                .append('\n');
    }

    private void write(String set, StringBuilder lines) throws IOException {
        Files.createDirectories(dir.resolve(set));
        Files.writeString(dir.resolve(set).resolve("rows.jsonl"), lines);
    }

    private static double value(List<Figure> figures, String set, String name) {
        return figures.stream()
                .filter(figure -> figure.set().equals(set) && figure.name().equals(name))
                .findFirst()
                .orElseThrow()
                .value();
    }

    /** Vectors of hashed trigrams. */
    private static EmbeddingModel model() {
        return new EmbeddingModel() {
            @Override
            public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
                return Response.from(segments.stream()
                        .map(segment -> {
                            float[] vector = new float[64];
                            for (int i = 0; i + 3 <= segment.text().length(); i++) {
                                vector[
                                        Math.floorMod(
                                                segment.text()
                                                                .substring(i, i + 3)
                                                                .hashCode()
                                                        * 31,
                                                64)]++;
                            }
                            return Embedding.from(vector);
                        })
                        .toList());
            }
        };
    }
}
