package dev.llmlifecycle.api;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/**
 * Public data sets that agreement tests compare with. They stand in the folder of the system property
 * {@code lifecycle.data}, or in {@code shared/data} of a folder above; where they do not, the test is skipped.
 */
@NullMarked
public final class ReferenceData {

    private ReferenceData() {}

    /** Returns a folder or file, or skips the test. */
    public static Path require(String name) {
        Optional<Path> found = root().map(root -> root.resolve(name)).filter(Files::exists);
        Assumptions.assumeTrue(
                found.isPresent(),
                () -> "the data set '" + name + "' is absent; name its folder with -Dlifecycle.data=DIR to run this");
        return found.orElseThrow();
    }

    /** Returns the lines of a file, or skips the test. */
    public static List<String> lines(String name) {
        try {
            return Files.readAllLines(require(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<Path> root() {
        String named = System.getProperty("lifecycle.data");
        if (named != null) {
            return Optional.of(Path.of(named));
        }
        @Nullable Path folder = Path.of("").toAbsolutePath();
        while (folder != null) {
            Path candidate = folder.resolve("shared/data");
            if (Files.isDirectory(candidate)) {
                return Optional.of(candidate);
            }
            folder = folder.getParent();
        }
        return Optional.empty();
    }
}
