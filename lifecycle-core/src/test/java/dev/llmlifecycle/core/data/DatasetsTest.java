package dev.llmlifecycle.core.data;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

import dev.llmlifecycle.api.DamagedDataException;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.data.Dataset;
import dev.llmlifecycle.api.data.Example;
import dev.llmlifecycle.api.data.Provenance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

final class DatasetsTest {

    @TempDir
    private Path temporary;

    @Test
    void readsBackWhatItWrote() {
        Dataset dataset = Dataset.builder("refunds")
                .version("2")
                .add(Example.builder("1", "Wie lange?\n\u2028 \ud83d\ude00")
                        .expected("Fünf Tage.", "5 Tage")
                        .label("language", "de")
                        .label("answerable", "yes")
                        .provenance(new Provenance("https://example.com", "CC-BY-4.0"))
                        .build())
                .add(Example.builder("2", "Who?").build())
                .build();
        Datasets.writeJsonLines(file(), dataset);

        Dataset read = Datasets.readJsonLines(file(), "refunds", "2");

        assertThat(read.hash()).isEqualTo(dataset.hash());
        assertThat(read.examples()).isEqualTo(dataset.examples());
    }

    @Test
    void writesOneReadableLineForEachExample() {
        Datasets.writeJsonLines(
                file(),
                Dataset.builder("d")
                        .add(Example.builder("1", "How long?")
                                .expected("Five days.")
                                .label("b", "2")
                                .label("a", "1")
                                .build())
                        .build());

        assertThat(file())
                .hasContent("{\"id\":\"1\",\"input\":\"How long?\",\"expected\":[\"Five days.\"],"
                        + "\"labels\":{\"a\":\"1\",\"b\":\"2\"},\"source\":\"unknown\",\"licence\":\"unknown\"}\n");
    }

    @Test
    void passesOverBlankLinesOtherFieldsAByteOrderMarkAndCarriageReturns() throws IOException {
        Files.writeString(
                file(),
                "\ufeff{\"id\":\"1\",\"input\":\"a\",\"more\":{\"x\":[1,null]}}\r\n\r\n   \n"
                        + "{\"input\":\"b\",\"expected\":null,\"id\":\"2\"}");

        Dataset dataset = Datasets.readJsonLines(file(), "d");

        assertThat(dataset.version()).isEqualTo("1");
        assertThat(dataset.examples())
                .containsExactly(
                        Example.builder("1", "a").build(),
                        Example.builder("2", "b").build());
    }

    @Test
    void takesAnEmptyFileForAnEmptyDataset() throws IOException {
        Files.createFile(file());

        assertThat(Datasets.readJsonLines(file(), "d").size()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\u0000',
            value = {
                "{\"id\":\"2\"} | the field 'input' is missing",
                "{\"id\":2,\"input\":\"x\"} | the field 'id' is not a text",
                "{\"id\":\"2\",\"input\":\"x\",\"expected\":\"y\"} | the field 'expected' is not a list",
                "{\"id\":\"2\",\"input\":\"x\",\"expected\":[\"y\",3]} | the field 'expected[1]' is not a text",
                "{\"id\":\"2\",\"input\":\"x\",\"labels\":{\"a\":true}} | the field 'labels.a' is not a text",
                "{\"id\":\"2\",\"input\":\"x\",\"labels\":[]} | the field 'labels' is not an object",
                "{\"id\":\"2\",\"input\":\" \"} | the input of example '2' is blank; remove it or fill it in",
                "{\"id\":\"2\",\"input\":\"x\",\"licence\":\"\"} | provenance has a blank source or licence; use"
                        + " Provenance.UNKNOWN where nothing is known",
                "{\"id\":\"1\",\"input\":\"x\"} | the id '1' is on line 1 already",
                "{\"id\":\"2\",\"id\":\"3\",\"input\":\"x\"} | it is not valid JSON at column 15",
                "{\"id\":\"2\",\"input\":\"x\"}} | it is not valid JSON at column 23",
                "[1] | it is not a JSON object",
                "nonsense | it is not valid JSON at column 1",
                "{\"id\":\"2\",\"input\":\"\\ud83d\"} | canonical JSON of $.input has a lone surrogate at index 0; repair"
                        + " the text first"
            })
    void namesFileLineAndProblem(String line, String problem) throws IOException {
        Files.writeString(file(), "{\"id\":\"1\",\"input\":\"a\"}\n\n" + line + "\n");

        assertThatExceptionOfType(DamagedDataException.class)
                .isThrownBy(() -> Datasets.readJsonLines(file(), "d"))
                .withMessage(file() + ", line 3: " + problem + "; correct this line of the file");
    }

    @Test
    void namesTheLineOfBytesThatAreNotUtf8() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes("{\"id\":\"1\",\"input\":\"a\"}\n{\"id\":\"2\",\"input\":\"".getBytes(StandardCharsets.UTF_8));
        bytes.writeBytes("größer".getBytes(StandardCharsets.ISO_8859_1));
        bytes.writeBytes("\"}\n".getBytes(StandardCharsets.UTF_8));
        Files.write(file(), bytes.toByteArray());

        assertThatExceptionOfType(DamagedDataException.class)
                .isThrownBy(() -> Datasets.readJsonLines(file(), "d"))
                .withMessage(file() + ", line 2: byte 22 is not UTF-8; correct this line of the file")
                .satisfies(e -> {
                    assertThat(e.source()).isEqualTo(file().toString());
                    assertThat(e.position()).isEqualTo("line 2");
                });
    }

    @Test
    void saysWhatIsWrongWithTheFileItself() {
        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(() -> Datasets.readJsonLines(file(), "d"))
                .withMessage("Reading " + file() + " failed: there is no such file; check the path");
        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(() -> Datasets.readJsonLines(temporary, "d"))
                .withMessageStartingWith("Reading " + temporary + " failed");
    }

    private Path file() {
        return temporary.resolve("data.jsonl");
    }
}
