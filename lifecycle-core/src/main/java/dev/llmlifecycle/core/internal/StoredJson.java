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
 * Reads files that hold one JSON object or another text, and says of a damaged one which it is and why.
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
        return readText(file, remedy, text -> reader.apply(JsonObject.parse(text)));
    }

    /**
     * Reads a file that holds a text in UTF-8.
     *
     * @param file the file
     * @param remedy what to do when it is damaged
     * @param reader makes a value of its content, or throws {@link IllegalArgumentException}, such as
     *     {@link LineProblem} that says where
     * @param <T> the value
     * @return the value, or nothing when there is no such file
     * @throws DamagedDataException when the content is not what the reader takes
     * @throws LifecycleException when the file cannot be read
     */
    public static <T> Optional<T> readText(Path file, String remedy, Function<String, T> reader) {
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
        return Optional.of(parse(file.toString(), remedy, bytes, reader));
    }

    /**
     * Reads the content of a file.
     *
     * @param source the file, to name it
     * @param remedy what to do when it is damaged
     * @param bytes its content
     * @param reader makes a value of it, or throws {@link IllegalArgumentException}
     * @param <T> the value
     * @return the value
     * @throws DamagedDataException when the content is not what the reader takes
     */
    public static <T> T parse(String source, String remedy, byte[] bytes, Function<String, T> reader) {
        try {
            return reader.apply(LineReader.decode(bytes));
        } catch (LineProblem e) {
            throw new DamagedDataException(source, "line " + e.line(), e.problem(), remedy, e);
        } catch (IllegalArgumentException e) {
            throw new DamagedDataException(source, "the whole file", String.valueOf(e.getMessage()), remedy, e);
        }
    }
}
