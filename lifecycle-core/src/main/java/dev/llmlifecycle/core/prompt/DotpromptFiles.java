package dev.llmlifecycle.core.prompt;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

import dev.llmlifecycle.api.DamagedDataException;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.prompt.ChatPromptTemplate;
import dev.llmlifecycle.core.internal.DurableFiles;
import dev.llmlifecycle.core.internal.StoredJson;

/**
 * Reads and writes templates as Dotprompt files, the {@code .prompt} files of Genkit.
 *
 * <p>What means the same in both is translated: variables, {@code #if}, {@code #unless}, {@code #each}, {@code #with},
 * partials, roles, the history, white space control, Picoschema. What does not is refused with its line, never given
 * another meaning. Where a file names no place for the history, it goes where Dotprompt puts it.
 *
 * <p>Thread-safe.
 *
 * @since 0.1
 * @see <a href="https://google.github.io/dotprompt/">Dotprompt</a>
 */
public final class DotpromptFiles {

    private static final String ENDING = ".prompt";
    private static final String REMEDY = "correct the file";

    private DotpromptFiles() {}

    /**
     * Reads a file, with the partials ({@code _name.prompt}) beside it.
     *
     * @param file the file; its name without {@code .prompt} is the template's where the front matter has none
     * @return the template, which can be rendered
     * @throws DamagedDataException when a line cannot be taken, which it names with file and number
     * @throws LifecycleException when the file is not there or cannot be read
     */
    public static Dotprompt read(Path file) {
        Path beside = file.toAbsolutePath().getParent();
        Map<String, String> partials = beside == null ? Map.of() : partials(beside);
        String fileName = String.valueOf(file.getFileName());
        String name = fileName.endsWith(ENDING) ? fileName.substring(0, fileName.length() - ENDING.length()) : fileName;
        return StoredJson.readText(file, REMEDY, text -> read(name, text, partials))
                .orElseThrow(() -> new LifecycleException(
                        "Reading the prompt " + file + " failed: there is no such file; check the path"));
    }

    /**
     * Reads a text.
     *
     * @param name the name of the template where the front matter has none
     * @param text the content of a Dotprompt file
     * @param partials the texts of partials by their names
     * @return the template, which can be rendered
     * @throws IllegalArgumentException when a line cannot be taken, which it names by its number
     */
    public static Dotprompt read(String name, String text, Map<String, String> partials) {
        return DotpromptText.parse(text).template(name, Map.copyOf(partials));
    }

    /**
     * Writes a template to a file, replacing what is there. A crash leaves the old file or the new one.
     *
     * @param file the file; its directory is created when it is missing
     * @param template the template
     * @throws IllegalArgumentException when the template holds what Dotprompt cannot say, such as a limit of a value, a
     *     partial or the place of examples
     * @throws LifecycleException when it cannot be written
     */
    public static void write(Path file, ChatPromptTemplate template) {
        DurableFiles.write(file, DotpromptWriter.write(template).getBytes(StandardCharsets.UTF_8));
    }

    private static Map<String, String> partials(Path directory) {
        Map<String, String> partials = new HashMap<>();
        if (!Files.isDirectory(directory)) {
            return partials;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "_*" + ENDING)) {
            for (Path file : files) {
                String name = String.valueOf(file.getFileName());
                StoredJson.readText(file, REMEDY, text -> text)
                        .ifPresent(text -> partials.put(name.substring(1, name.length() - ENDING.length()), text));
            }
        } catch (IOException e) {
            throw new LifecycleException("Listing the partials in " + directory + " failed; check its permissions", e);
        }
        return partials;
    }
}
