package dev.llmlifecycle.samples.measure.legal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.core.validation.legal.LegalValidators;
import dev.llmlifecycle.samples.measure.legal.AdviceSentences.Labelled;
import dev.llmlifecycle.samples.measure.task.Figure;
import dev.llmlifecycle.samples.measure.task.MeasureContext;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

@NullMarked
final class LegalTaskTest {

    @TempDir
    Path dir = Path.of("");

    @Test
    @DisplayName("the tuning half counts for nothing but its own recall")
    void countsTheReportedHalf() {
        List<Labelled> sentences = AdviceSentences.parse("""
                half\ttopic\tsentence
                tune\ttax\tHello there.
                report\ttax\tYou can deduct that from your income tax.
                report\tlegal\tNobody would notice this one.
                report\tnone\tYou should sue your landlord.
                report\tnone\tThe sky is blue.
                report\tnone\tThe sea is green.
                """);

        assertThat(LegalTask.figures("", LegalValidators.disclaimer().build(), sentences))
                .extracting(Figure::name, Figure::value)
                .containsExactly(
                        tuple("recall on the tuning half", 0.0),
                        tuple("recall", 0.5),
                        tuple("precision", 0.5),
                        tuple("false alarms", 1 / 3.0),
                        tuple("recall, legal", 0.0),
                        tuple("recall, tax", 1.0));
    }

    @Test
    void reportsTextsThatHardlyAdvise() throws IOException {
        write("pubmedqa", "{\"LONG_ANSWER\":\"You should take antibiotics.\"}");
        write("begin", "{\"response\":\"It is a city.\"}");
        write("truthfulqa", "{\"Best Answer\":\"Nothing happens.\"}");

        List<Figure> figures = new LegalTask().run(new MeasureContext(dir, Optional.empty(), 42, line -> {}));

        assertThat(figures)
                .filteredOn(figure -> figure.name().equals("noticed, of texts that hardly advise"))
                .extracting(Figure::set, Figure::value)
                .containsExactly(tuple("pubmedqa", 1.0), tuple("begin", 0.0), tuple("truthfulqa", 0.0));
    }

    @Test
    void hasSentencesEnoughAndNoneTwice() {
        List<Labelled> sentences = AdviceSentences.read();

        assertThat(sentences).filteredOn(Labelled::isAdvice).hasSizeGreaterThanOrEqualTo(60);
        assertThat(sentences).filteredOn(each -> !each.isAdvice()).hasSizeGreaterThanOrEqualTo(60);
        assertThat(sentences).filteredOn(Labelled::isReported).hasSizeGreaterThanOrEqualTo(80);
        assertThat(new HashSet<>(sentences.stream().map(Labelled::sentence).toList()))
                .hasSameSizeAs(sentences);
    }

    @Test
    void namesADamagedLine() {
        assertThatThrownBy(() -> AdviceSentences.parse("half\ttopic\tsentence\nreport\ttax"))
                .isInstanceOf(LifecycleException.class)
                .hasMessage("advice.tsv, line 2 is not one of [tune, report], a tab, a topic, a tab and a sentence;"
                        + " correct it");
    }

    private void write(String set, String row) throws IOException {
        Files.createDirectories(dir.resolve(set));
        Files.writeString(dir.resolve(set).resolve("rows.jsonl"), row + "\n");
    }
}
