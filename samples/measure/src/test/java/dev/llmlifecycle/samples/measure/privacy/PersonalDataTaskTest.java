package dev.llmlifecycle.samples.measure.privacy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

import dev.llmlifecycle.samples.measure.task.Figure;
import dev.llmlifecycle.samples.measure.task.MeasureContext;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

@NullMarked
final class PersonalDataTaskTest {

    @TempDir
    Path dir = Path.of("");

    @Test
    @DisplayName("what overlaps a place of its type is right, and types that are not looked for are left out")
    void countsOverlaps() throws IOException {
        write(List.of(
                row("mail a@example.com now", "EMAIL_ADDRESS", 5, 18, 1),
                row("no mailbox, but marked", "EMAIL_ADDRESS", 3, 10, 2),
                row("b@example.com is not marked", "TITLE", 17, 20, 3)));
        List<Figure> figures = new PersonalDataTask().run(new MeasureContext(dir, Optional.of(dir), 42, line -> {}));
        assertThat(figures)
                .filteredOn(figure -> figure.set().equals("pii_presidio email_address"))
                .extracting(Figure::name, Figure::value)
                .containsExactly(tuple("precision", 0.5), tuple("recall", 0.5), tuple("F1", 0.5), tuple("F2", 0.5));
    }

    @Test
    @DisplayName("a template is looked at or reported, never both")
    void dividesTemplates() throws IOException {
        write(IntStream.range(0, 60)
                .mapToObj(i -> row("mail a@example.com now", "EMAIL_ADDRESS", 5, 18, i % 20))
                .toList());
        List<LabelledSpans.Text> reported =
                LabelledSpans.report(new MeasureContext(dir, Optional.empty(), 42, line -> {}));
        long templates =
                reported.stream().map(LabelledSpans.Text::template).distinct().count();
        assertThat(templates).isBetween(4L, 16L);
        assertThat(reported).hasSize((int) templates * 3);
    }

    private void write(List<String> rows) throws IOException {
        Files.createDirectories(dir.resolve("pii_presidio"));
        Files.write(dir.resolve("pii_presidio/rows.jsonl"), rows);
    }

    private static String row(String text, String type, int start, int end, int template) {
        return String.format(
                Locale.ROOT,
                "{\"full_text\":\"%s\",\"spans\":[{\"entity_type\":\"%s\",\"start_position\":%d,\"end_position\":%d}],"
                        + "\"template_id\":%d}",
                text,
                type,
                start,
                end,
                template);
    }
}
