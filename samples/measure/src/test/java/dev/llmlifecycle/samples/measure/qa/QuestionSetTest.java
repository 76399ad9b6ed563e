package dev.llmlifecycle.samples.measure.qa;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.llmlifecycle.api.DamagedDataException;
import dev.llmlifecycle.samples.measure.data.DataFolder;
import dev.llmlifecycle.samples.measure.data.MissingDataException;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

@NullMarked
final class QuestionSetTest {

    @TempDir
    Path dir = Path.of("");

    private final List<String> notes = new ArrayList<>();

    @Test
    void theIdTellsTheLanguageAlsoWhereFilesAreRenamedOrMixed() throws IOException {
        write("a.jsonl", passage("en-00-00", "It was red."), passage("de-00-00", "Es war rot."));
        write("b.jsonl", question("q1", "Which colour?", "red", "en-00-00"));
        write("c.jsonl", question("q1", "Welche Farbe?", "rot", "de-00-00"));

        List<QuestionSet> sets = read();

        assertThat(sets).extracting(QuestionSet::name).containsExactly("de", "en");
        assertThat(sets.get(1).passages()).containsOnlyKeys("en-00-00");
        assertThat(sets.get(1).questions())
                .containsExactly(new QuestionSet.Question("q1", "Which colour?", List.of("red"), "en-00-00"));
        assertThat(notes).isEmpty();
    }

    @Test
    void elseTheNameOfTheFileDoes() throws IOException {
        write("corpus.en.jsonl", passage("p1", "It was red."));
        write("corpus.de.jsonl", passage("p1", "Es war rot."));
        write("queries.de.jsonl", question("q1", "Welche Farbe?", "rot", "p1"));
        write("queries.en.jsonl", question("q1", "Which colour?", "red", "p1"));

        List<QuestionSet> sets = read();

        assertThat(sets).extracting(QuestionSet::name).containsExactly("de", "en");
        assertThat(sets.get(0).questions())
                .extracting(QuestionSet.Question::text)
                .containsExactly("Welche Farbe?");
    }

    @Test
    void elseTheAnswerTellsWhichPassagesAreMeantAndTheSetIsCalledByTheirFile() throws IOException {
        write("one.jsonl", passage("p1", "It was red."));
        write("two.jsonl", passage("p1", "Es war rot."));
        write("x.jsonl", question("q1", "Welche Farbe?", "rot", "p1"));
        write("y.jsonl", question("q1", "Which colour?", "red", "p1"));

        List<QuestionSet> sets = read();

        assertThat(sets).extracting(QuestionSet::name).containsExactly("one", "two");
        assertThat(sets.get(0).questions())
                .extracting(QuestionSet.Question::text)
                .containsExactly("Which colour?");
    }

    @Test
    void aMissingPartIsNoHindrance() throws IOException {
        write("corpus.en.jsonl", passage("en-1", "It was red."), passage("en-2", "It was blue."));
        write("corpus.es.jsonl", passage("es-1", "Era rojo."));
        write("queries.en.jsonl", question("q1", "Which colour?", "red", "en-1"));
        write("queries.zh.jsonl", question("q1", "?", "x", "zh-1"), question("q2", "?", "x", "zh-1"));

        List<QuestionSet> sets = read();

        assertThat(sets).extracting(QuestionSet::name).containsExactly("en");
        assertThat(sets.get(0).passages()).containsOnlyKeys("en-1", "en-2");
        assertThat(notes).containsExactly("left out 2 questions whose passage is not there");
    }

    @Test
    void partsOfOneLanguageGoTogetherAndACopyCountsOnce() throws IOException {
        write("part1.jsonl", passage("en-1", "It was red."));
        write("part2.jsonl", passage("en-2", "It was blue."), passage("en-1", "It was red."));
        write("asked.jsonl", question("q1", "Which?", "red", "en-1"), question("q1", "Which?", "red", "en-1"));

        List<QuestionSet> sets = read();

        assertThat(sets).hasSize(1);
        assertThat(sets.get(0).passages()).hasSize(2);
        assertThat(sets.get(0).questions()).hasSize(1);
    }

    @Test
    void twoThingsOfOneIdAreDamage() throws IOException {
        write("asked.jsonl", question("q1", "Which?", "red", "en-1"), question("q1", "Other?", "red", "en-1"));
        write("c.jsonl", passage("en-1", "It was red."));
        assertThatExceptionOfType(DamagedDataException.class)
                .isThrownBy(this::read)
                .withMessageStartingWith(dir.resolve("asked.jsonl") + ", line 2: another question has the id 'q1' too");

        write("c.jsonl", passage("en-1", "It was red."), passage("en-1", "It was blue."));
        assertThatExceptionOfType(DamagedDataException.class)
                .isThrownBy(this::read)
                .withMessageStartingWith(dir.resolve("c.jsonl") + ", line 2: another passage has the id 'en-1' too");
    }

    @Test
    void questionsWithoutAnyOfTheirPassagesAreMissingData() throws IOException {
        write("corpus.es.jsonl", passage("es-1", "Era rojo."));
        write("queries.en.jsonl", question("q1", "Which colour?", "red", "en-1"));

        assertThatExceptionOfType(MissingDataException.class)
                .isThrownBy(this::read)
                .withMessage("Pairing questions with passages: none of 1 questions has its passage; put the files of"
                        + " the same part into one folder");
    }

    private List<QuestionSet> read() {
        return QuestionSet.readAll(DataFolder.of(dir), notes::add);
    }

    private void write(String name, String... lines) throws IOException {
        Files.write(dir.resolve(name), List.of(lines));
    }

    static String passage(String id, String text) {
        return "{\"_id\":\"" + id + "\",\"title\":\"Title\",\"text\":\"" + text + "\"}";
    }

    static String question(String id, String text, String answer, String passageId) {
        return "{\"_id\":\"" + id + "\",\"text\":\"" + text + "\",\"answers\":[{\"answer_start\":0,\"text\":\"" + answer
                + "\"}],\"doc_id\":\"" + passageId + "\"}";
    }
}
