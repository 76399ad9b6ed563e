package dev.llmlifecycle.samples.measure.data;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import dev.llmlifecycle.api.DamagedDataException;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

@NullMarked
final class DataFolderTest {

    @TempDir
    Path dir = Path.of("");

    @Test
    void findsRowsByTheirFieldsWhateverTheFileIsCalled() throws IOException {
        write("zz.held-out", "{\"text\":\"b\",\"label\":\"x\"}");
        write("sub/part", "{\"text\":\"a\",\"label\":\"y\",\"more\":1}\n{\"text\":\"c\",\"label\":\"y\"}\n");
        write("other.jsonl", "{\"text\":\"no label\"}");
        write("README.md", "# text label\n\nProse.");
        write("pretty.json", "{\n  \"text\": \"a\",\n  \"label\": \"b\"\n}\n");
        write(".hidden", "{\"text\":\"h\",\"label\":\"h\"}");

        List<DataRow> rows = DataFolder.of(dir).rows("text", "label");

        assertThat(rows).extracting(row -> row.text("text")).containsExactly("a", "c", "b");
        assertThat(rows.get(1).file()).isEqualTo(dir.resolve("sub/part").toString());
        assertThat(rows.get(1).line()).isEqualTo(2);
    }

    @Test
    void leavesOutFilesThatHaveAFieldOfAnotherPart() throws IOException {
        write("passages", "{\"_id\":\"p\",\"text\":\"a\"}");
        write("questions", "{\"_id\":\"q\",\"text\":\"b\",\"doc_id\":\"p\"}");
        write("table", "_id\ttext\tdoc_id\nq\tb\tp\n");

        assertThat(DataFolder.of(dir).rows(List.of("_id", "text"), List.of("doc_id")))
                .extracting(DataRow::file)
                .containsExactly(dir.resolve("passages").toString());
    }

    @Test
    void readsTablesWithAHeader() throws IOException {
        write("t.tsv", "label\ttext\n0\thow are you\n\n1\t\n");

        List<DataRow> rows = DataFolder.of(dir).rows("text", "label");

        assertThat(rows).extracting(row -> row.text("label")).containsExactly("0", "1");
        assertThat(rows).extracting(row -> row.text("text")).containsExactly("how are you", "");
        assertThat(rows).extracting(DataRow::line).containsExactly(2, 4);
    }

    @Test
    void readsFilesFromOtherEditors() throws IOException {
        write("bom", "\uFEFF{\"text\":\"über\"}\r\n\r\n{\"text\":\"b\"}\r\n");

        assertThat(DataFolder.of(dir).rows("text"))
                .extracting(row -> row.text("text"))
                .containsExactly("über", "b");
    }

    @Test
    void namesFileAndLineOfADamagedRow() throws IOException {
        write("rows.jsonl", "{\"text\":\"a\"}\n\n{\"text\":\"b\n{\"text\":\"c\"}\n");

        DamagedDataException damage = catchThrowableOfType(
                DamagedDataException.class, () -> DataFolder.of(dir).rows("text"));

        assertThat(damage)
                .hasMessage(dir.resolve("rows.jsonl")
                        + ", line 3: the line is not one JSON object; correct the line, or take the file"
                        + " out of the folder");
        assertThat(damage.position()).isEqualTo("line 3");
    }

    @Test
    void aDamagedFirstLineIsDamageToo() throws IOException {
        write("rows.jsonl", "{\"text\":\n{\"text\":\"b\"}\n");

        assertDamage("rows.jsonl, line 1: the line is not one JSON object");
    }

    @Test
    void aRowWithoutTheFieldIsDamage() throws IOException {
        write("rows.jsonl", "{\"text\":\"a\"}\n{\"txt\":\"b\"}\n");

        assertDamage("rows.jsonl, line 2: the row has no field 'text'");
    }

    @Test
    void twoRowsOnALineAreDamage() throws IOException {
        write("rows.jsonl", "{\"text\":\"a\"}\n{\"text\":\"b\"}{\"text\":\"c\"}\n");

        assertDamage("rows.jsonl, line 2: the line is not one JSON object");
    }

    @Test
    void anotherValueThanAnObjectIsDamage() throws IOException {
        write("rows.jsonl", "{\"text\":\"a\"}\n[1]\n");

        assertDamage("rows.jsonl, line 2: the line is not one JSON object");
    }

    @Test
    void aLineThatIsNotUtf8IsDamage() throws IOException {
        Files.write(
                dir.resolve("rows.jsonl"), "{\"text\":\"a\"}\n{\"text\":\"ü\"}".getBytes(StandardCharsets.ISO_8859_1));
        assertDamage("rows.jsonl, line 2: the line is not UTF-8");

        Files.write(dir.resolve("rows.jsonl"), "id\ttext\n1\tü".getBytes(StandardCharsets.ISO_8859_1));
        assertDamage("rows.jsonl, line 2: the line is not UTF-8");
    }

    @Test
    void aTableRowOfAnotherWidthIsDamage() throws IOException {
        write("t.tsv", "id\ttext\n1\ta\n2\n");

        assertDamage("t.tsv, line 3: 1 cells under a header of 2 columns");
    }

    @Test
    void saysThatAFolderHasNothingToUse() throws IOException {
        write("README.md", "# Nothing");
        write("binary", "\uFFFF\u0000\t\u0001");
        write("empty", "");

        assertThatExceptionOfType(MissingDataException.class)
                .isThrownBy(() -> DataFolder.of(dir).rows("text", "label"))
                .withMessage("Reading " + dir + ": none of its 3 files has rows with the fields text, label; put JSON"
                        + " Lines or a table with tabs and a header there");
    }

    @Test
    void saysThatThereIsNoFolder() throws IOException {
        assertThatExceptionOfType(MissingDataException.class)
                .isThrownBy(() -> DataFolder.of(dir.resolve("nowhere")))
                .withMessage("Reading data from " + dir.resolve("nowhere")
                        + ": there is no such folder; name the folder that holds the sets with --data or --report-on");
        write("file", "");
        assertThatExceptionOfType(MissingDataException.class)
                .isThrownBy(() -> DataFolder.of(dir.resolve("file")))
                .withMessageContaining("this is a file");
    }

    @Test
    void aFieldOfAnotherTypeIsDamage() throws IOException {
        write("rows.jsonl", "{\"n\":1,\"list\":[{\"text\":\"a\"},{\"text\":\"b\"}],\"empty\":[],\"odd\":[{}]}");
        DataRow row = DataFolder.of(dir).rows("n").get(0);

        assertThat(row.texts("list", "text")).containsExactly("a", "b");
        assertThatExceptionOfType(DamagedDataException.class)
                .isThrownBy(() -> row.text("n"))
                .withMessageStartingWith(dir.resolve("rows.jsonl") + ", line 1: field 'n' is not a text;");
        assertThatExceptionOfType(DamagedDataException.class)
                .isThrownBy(() -> row.texts("empty", "text"))
                .withMessageStartingWith(
                        dir.resolve("rows.jsonl") + ", line 1: field 'empty' is not a list with something in it;");
        assertThatExceptionOfType(DamagedDataException.class)
                .isThrownBy(() -> row.texts("odd", "text"))
                .withMessageStartingWith(
                        dir.resolve("rows.jsonl") + ", line 1: field 'odd' holds something without a text 'text';");
    }

    private void assertDamage(String start) {
        assertThatExceptionOfType(DamagedDataException.class)
                .isThrownBy(() -> DataFolder.of(dir).rows("text"))
                .withMessageStartingWith(dir + "/" + start);
    }

    private void write(String name, String content) throws IOException {
        Path file = dir.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }
}
