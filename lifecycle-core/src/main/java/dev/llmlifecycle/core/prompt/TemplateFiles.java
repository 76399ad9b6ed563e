package dev.llmlifecycle.core.prompt;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;

import dev.llmlifecycle.api.DamagedDataException;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.prompt.ChatPromptTemplate;
import dev.llmlifecycle.core.internal.DurableFiles;
import dev.llmlifecycle.core.internal.StoredJson;

/**
 * Reads and writes prompt templates as text files for people: YAML front matter, then each message under a marker line.
 *
 * <pre>{@code
 * ---
 * name: support-answer
 * variables:
 *   - name: product
 *     maxLength: 80
 * parameters:
 *   temperature: 0.2
 * ---
 * === system ===
 * You answer questions about {{product}} from these passages only:
 * {{passages}}
 *
 * === history ===
 *
 * === user ===
 * {{question}}
 * }</pre>
 *
 * <p>The versions of a {@link FilePromptRegistry} have the same form and more in their front matter, so a copy of one
 * can be changed, read and registered.
 *
 * <p>Thread-safe.
 *
 * @since 0.1
 */
public final class TemplateFiles {

    private static final String REMEDY = "correct the file";

    private TemplateFiles() {}

    /**
     * Reads a template from a file.
     *
     * @param file the file
     * @return the template, which can be rendered
     * @throws DamagedDataException when a line is wrong, which it names with file and number
     * @throws LifecycleException when the file is not there or cannot be read
     */
    public static ChatPromptTemplate read(Path file) {
        return StoredJson.readText(file, REMEDY, PromptText::readTemplate)
                .orElseThrow(() -> new LifecycleException(
                        "Reading the prompt " + file + " failed: there is no such file; check the path"));
    }

    /**
     * Reads a template from the class path.
     *
     * @param anchor a class of the jar or module that has the file
     * @param resource the file, relative to the package of the class, or absolute with a slash in front
     * @return the template, which can be rendered
     * @throws DamagedDataException when a line is wrong, which it names with file and number
     * @throws LifecycleException when the file is not there or cannot be read
     */
    public static ChatPromptTemplate read(Class<?> anchor, String resource) {
        Objects.requireNonNull(resource, "resource");
        try (InputStream in = anchor.getResourceAsStream(resource)) {
            if (in == null) {
                throw new LifecycleException("Reading the prompt " + resource + " beside " + anchor.getName()
                        + " failed: there is no such resource; check the path and that the build copies it");
            }
            return StoredJson.parse(resource, REMEDY, in.readAllBytes(), PromptText::readTemplate);
        } catch (IOException e) {
            throw new LifecycleException("Reading the prompt " + resource + " failed; check the jar it is in", e);
        }
    }

    /**
     * Writes a template to a file, replacing what is there. A crash leaves the old file or the new one.
     *
     * @param file the file; its directory is created when it is missing
     * @param template the template
     * @throws IllegalArgumentException when a text holds half a surrogate pair
     * @throws LifecycleException when it cannot be written
     */
    public static void write(Path file, ChatPromptTemplate template) {
        DurableFiles.write(file, PromptText.write(template).getBytes(StandardCharsets.UTF_8));
    }
}
