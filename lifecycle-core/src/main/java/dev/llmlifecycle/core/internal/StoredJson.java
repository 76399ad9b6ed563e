package dev.llmlifecycle.core.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

import dev.llmlifecycle.api.DamagedDataException;
import dev.llmlifecycle.api.LifecycleException;

/**
 * Reads files that hold one JSON object, and says of a damaged one which it is and why.
 *
 * <p>Thread-safe.
 *
 * @since 0.1
 */
public final class StoredJson {

    private StoredJson() {}

    /**
     * Reads a file.
     *
     * @param file the file
     * @param remedy what to do when it is damaged
     * @param reader makes a value of its content, or throws {@link IllegalArgumentException}
     * @param <T> the value
     * @return the value, or nothing when there is no such file
     * @throws DamagedDataException when the content is not what the reader takes
     * @throws LifecycleException when the file cannot be read
     */
    public static <T> Optional<T> read(Path file, String remedy, Function<JsonObject, T> reader) {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new LifecycleException(
                    "Reading " + file + " failed (" + e.getClass().getSimpleName()
                            + "); check that it is a file and its permissions",
                    e);
        }
        try {
            return Optional.of(reader.apply(JsonObject.parse(LineReader.decode(bytes))));
        } catch (IllegalArgumentException e) {
            throw damaged(file, String.valueOf(e.getMessage()), remedy, e);
        }
    }

    private static DamagedDataException damaged(Path file, String problem, String remedy, IllegalArgumentException e) {
        return new DamagedDataException(file.toString(), "the whole file", problem, remedy, e);
    }
}
