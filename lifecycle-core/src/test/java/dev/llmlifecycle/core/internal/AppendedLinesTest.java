package dev.llmlifecycle.core.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

import dev.llmlifecycle.api.LifecycleException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

final class AppendedLinesTest {

    @TempDir
    private Path temporary;

    @Test
    void cutsWhatIsNotWholeAndEndsWhatIs() throws IOException {
        Path file = Files.writeString(temporary.resolve("file"), "one\ntw");
        AppendedLines.appendDurably(file, 4, true, "three");
        assertThat(Files.readString(file)).isEqualTo("one\nthree\n");

        Files.writeString(file, "one\ntwo");
        AppendedLines.appendDurably(file, 7, false, "three");
        assertThat(Files.readString(file)).isEqualTo("one\ntwo\nthree\n");
    }

    @Test
    void takesNoTornLineForWholeThatIsLongerThanALineMayBe() throws IOException {
        Path file = Files.writeString(temporary.resolve("file"), "one\ntwo-and-more");
        AppendedLines.openAfterCrash(file, "o", line -> true, 5).close();

        assertThat(Files.readString(file)).isEqualTo("one\n");
    }

    @Test
    void asksWhetherALastLineIsWhole() throws IOException {
        Path file = Files.writeString(temporary.resolve("file"), "one\ntwo");
        AppendedLines.openAfterCrash(file, "o", line -> new String(line, StandardCharsets.UTF_8).equals("two"), 100)
                .close();

        assertThat(Files.readString(file)).isEqualTo("one\ntwo\n");
    }

    @Test
    void saysThatAFileCannotBeOpenedOrWritten() throws IOException {
        Path directory = Files.createDirectory(temporary.resolve("directory"));
        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(() -> AppendedLines.open(directory, 0, true))
                .withMessage("Opening " + directory + " failed (FileNotFoundException); check free space and"
                        + " permissions");
        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(() -> AppendedLines.openAfterCrash(directory, "", line -> true, 1));

        AppendedLines lines = AppendedLines.open(temporary.resolve("file"), 0, true);
        lines.close();
        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(() -> lines.append(new byte[] {'x'}, false))
                .withMessageStartingWith("Writing to " + temporary.resolve("file") + " failed (IOException)")
                .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
        assertThat(temporary.resolve("file")).isEmptyFile();
    }
}
