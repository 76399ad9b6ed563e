package dev.llmlifecycle.core.data;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

import dev.llmlifecycle.api.DamagedDataException;
import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.data.Dataset;
import dev.llmlifecycle.api.data.Example;
import dev.llmlifecycle.api.data.Provenance;
import dev.llmlifecycle.api.identity.CanonicalJson;
import dev.llmlifecycle.core.internal.DurableFiles;
import dev.llmlifecycle.core.internal.JsonObject;
import dev.llmlifecycle.core.internal.LineReader;

/**
 * Reads and writes datasets as JSON Lines, one example a line.
 *
 * <p>A line has {@code id} and {@code input}, and may have {@code expected} (a list of texts), {@code labels} (texts by
 * name), {@code source} and {@code licence}. Other fields are passed over, blank lines and a byte order mark too. The
 * text is UTF-8.
 *
 * <pre>{@code
 * Dataset dataset = Datasets.readJsonLines(Path.of("refunds.jsonl"), "refunds");
 * }</pre>
 *
 * <p>Thread-safe.
 *
 * @since 0.1
 */
public final class Datasets {

    private static final int LONGEST_LINE = 16 << 20;
    private static final String REMEDY = "correct this line of the file";

    private Datasets() {}

    /**
     * Reads a dataset of version 1.
     *
     * @param file the file
     * @param name the dataset's name
     * @return the dataset
     * @throws DamagedDataException when a line is no example, or has the id of an earlier one; it names file and line
     * @throws LifecycleException when the file cannot be read
     */
    public static Dataset readJsonLines(Path file, String name) {
        return readJsonLines(file, name, "1");
    }

    /**
     * Reads a dataset.
     *
     * @param file the file
     * @param name the dataset's name
     * @param version the dataset's version
     * @return the dataset
     * @throws DamagedDataException when a line is no example, or has the id of an earlier one; it names file and line
     * @throws LifecycleException when the file cannot be read
     */
    public static Dataset readJsonLines(Path file, String name, String version) {
        Dataset.Builder dataset = Dataset.builder(name).version(version);
        Map<String, Long> lineById = new HashMap<>();
        try (LineReader lines = LineReader.open(file, LONGEST_LINE)) {
            while (lines.next()) {
                try {
                    String line = lines.text();
                    if (line.isBlank()) {
                        continue;
                    }
                    Example example = example(JsonObject.parse(line));
                    Long earlier = lineById.putIfAbsent(example.id(), lines.number());
                    if (earlier != null) {
                        throw new IllegalArgumentException(
                                "the id '" + example.id() + "' is on line " + earlier + " already");
                    }
                    dataset.add(example);
                } catch (IllegalArgumentException e) {
                    throw new DamagedDataException(
                            file.toString(), "line " + lines.number(), String.valueOf(e.getMessage()), REMEDY, e);
                }
            }
        }
        return dataset.build();
    }

    /**
     * Writes a dataset's examples, replacing the file if there is one. Name and version are not in the file.
     *
     * @param file the file; its directory is created when it is missing
     * @param dataset the dataset
     * @throws LifecycleException when it cannot be written; an old file is then untouched
     */
    public static void writeJsonLines(Path file, Dataset dataset) {
        StringBuilder text = new StringBuilder();
        for (Example example : dataset.examples()) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("id", example.id());
            line.put("input", example.input());
            line.put("expected", example.expected());
            line.put("labels", example.labels());
            line.put("source", example.provenance().source());
            line.put("licence", example.provenance().licence());
            text.append(JsonObject.line(line)).append('\n');
        }
        DurableFiles.write(file, text.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static Example example(JsonObject json) {
        Provenance provenance = new Provenance(
                json.optionalText("source").orElse(Provenance.UNKNOWN.source()),
                json.optionalText("licence").orElse(Provenance.UNKNOWN.licence()));
        Example example = new Example(
                json.text("id"), json.text("input"), json.texts("expected"), json.textsByName("labels"), provenance);
        // Text that cannot be hashed is refused here, where the line is known.
        CanonicalJson.write(example.toCanonical());
        return example;
    }
}
