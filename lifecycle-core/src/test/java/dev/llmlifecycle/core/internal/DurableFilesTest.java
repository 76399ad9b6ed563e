package dev.llmlifecycle.core.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

import dev.llmlifecycle.api.LifecycleException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

final class DurableFilesTest {

    @TempDir
    private Path temporary;

    @Test
    void replacesAFileAndLeavesNothingBeside() throws IOException {
        Path file = temporary.resolve("a").resolve("b").resolve("file");
        DurableFiles.write(file, bytes("old"));
        DurableFiles.write(file, bytes("new"));

        assertThat(file).hasContent("new");
        assertThat(names(temporary.resolve("a").resolve("b"))).containsExactly("file");
    }

    @Test
    void cleansUpAfterAWriteThatFails() throws IOException {
        Path occupied = Files.createDirectories(temporary.resolve("occupied").resolve("inside"));

        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(() -> DurableFiles.write(temporary.resolve("occupied"), bytes("new")))
                .withMessageStartingWith("Writing " + temporary.resolve("occupied") + " failed (")
                .withMessageEndingWith("check free space and permissions of its directory");
        assertThat(occupied).isDirectory();
        assertThat(names(temporary)).containsExactly("occupied");
    }

    @Test
    void failsOnAnInterruptedThreadAndLeavesTheOldFile() throws IOException {
        Path file = temporary.resolve("file");
        DurableFiles.write(file, bytes("old"));

        Thread.currentThread().interrupt();
        try {
            assertThatExceptionOfType(LifecycleException.class)
                    .isThrownBy(() -> DurableFiles.write(file, bytes("new")));
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(file).hasContent("old");
        assertThat(names(temporary)).containsExactly("file");
    }

    @Test
    void saysWhyADirectoryCannotBe() throws IOException {
        Path file = Files.writeString(temporary.resolve("file"), "x");

        assertThatExceptionOfType(LifecycleException.class)
                .isThrownBy(() -> DurableFiles.write(file.resolve("below"), bytes("x")))
                .withMessage("Creating the directory " + file + " failed (FileAlreadyExistsException); name a directory"
                        + " in a writable place");
        assertThatIllegalArgumentException().isThrownBy(() -> DurableFiles.directoryOf(Path.of("/")));
        DurableFiles.forceDirectory(temporary.resolve("none"));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Stream<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(path -> path.getFileName().toString()).toList().stream();
        }
    }
}
