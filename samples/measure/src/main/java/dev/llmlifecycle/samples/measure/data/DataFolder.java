package dev.llmlifecycle.samples.measure.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.llmlifecycle.api.DamagedDataException;
import dev.llmlifecycle.api.LifecycleException;

/**
 * The folder of a data set, from which rows are read by the fields they have and not by the name of their file.
 *
 * <p>A file is JSON Lines or a table with tabs and a header. It is taken when its first row that can be read has all
 * the fields asked for; from then on a row that cannot be read or lacks one of them is damage, which is reported with
 * its line and never skipped. Other files (a readme, another part of the set) are passed over. Files come in the order
 * of their paths, those of inner folders too; names that begin with a dot are left out.
 *
 * <p>Thread-safe.
 *
 * @since 0.1
 */
public final class DataFolder {

    private static final ObjectReader JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build()
            .readerFor(JsonNode.class);
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private final Path folder;

    private DataFolder(Path folder) {
        this.folder = folder;
    }

    /**
     * Opens a folder.
     *
     * @param folder where the files are
     * @return the folder
     * @throws MissingDataException when there is no such folder
     */
    public static DataFolder of(Path folder) {
        if (!Files.isDirectory(Objects.requireNonNull(folder, "folder"))) {
            throw new MissingDataException("Reading data from " + folder + ": "
                    + (Files.exists(folder) ? "this is a file" : "there is no such folder")
                    + "; name the folder that holds the sets with --data or --report-on");
        }
        return new DataFolder(folder);
    }

    /**
     * Reads the rows that have some fields.
     *
     * @param fields the names of the fields
     * @return the rows of all files taken, at least one
     * @throws MissingDataException when no file has such rows
     * @throws DamagedDataException when a file that has such rows has a damaged one too
     */
    public List<DataRow> rows(String... fields) {
        return rows(List.of(fields), List.of());
    }

    /**
     * Reads the rows that have some fields and do not have others.
     *
     * @param fields the names of the fields a row has
     * @param without the names of the fields that tell another part of the set
     * @return the rows of all files taken, at least one
     * @throws MissingDataException when no file has such rows
     * @throws DamagedDataException when a file that has such rows has a damaged one too
     */
    public List<DataRow> rows(List<String> fields, List<String> without) {
        List<DataRow> rows = new ArrayList<>();
        List<Path> files = files();
        for (Path file : files) {
            rows.addAll(read(file, fields, without));
        }
        if (rows.isEmpty()) {
            throw new MissingDataException("Reading " + folder + ": none of its " + files.size()
                    + " files has rows with the fields " + String.join(", ", fields)
                    + "; put JSON Lines or a table with tabs and a header there");
        }
        return Collections.unmodifiableList(rows);
    }

    private List<Path> files() {
        try (Stream<Path> paths = Files.walk(folder)) {
            return paths.filter(Files::isRegularFile)
                    .filter(path -> !path.getFileName().toString().startsWith("."))
                    .sorted()
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            throw new LifecycleException("Listing " + folder + " failed; check that it can be read", e);
        }
    }

    private List<DataRow> read(Path file, List<String> fields, List<String> without) {
        List<byte[]> lines = lines(file);
        String name = file.toString();
        Optional<List<String>> header = header(lines, fields);
        if (header.isPresent()) {
            return without.stream().anyMatch(header.get()::contains) ? List.of() : table(name, lines, header.get());
        }
        return firstRow(lines)
                .filter(row ->
                        fields.stream().allMatch(row::has) && without.stream().noneMatch(row::has))
                .map(row -> jsonLines(name, lines, fields))
                .orElse(List.of());
    }

    private static List<byte[]> lines(Path file) {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (IOException e) {
            throw new LifecycleException("Reading " + file + " failed; check that it can be read", e);
        }
        List<byte[]> lines = new ArrayList<>();
        int start = 0;
        for (int i = 0; i <= bytes.length; i++) {
            if (i == bytes.length || bytes[i] == '\n') {
                int end = i > start && bytes[i - 1] == '\r' ? i - 1 : i;
                lines.add(Arrays.copyOfRange(bytes, start, end));
                start = i + 1;
            }
        }
        return lines;
    }

    /** Returns the columns when the first line is a table's header that names the fields. */
    private static Optional<List<String>> header(List<byte[]> lines, List<String> fields) {
        try {
            List<String> columns = List.of(decode(lines.get(0)).split("\t", -1));
            return columns.size() > 1 && columns.containsAll(fields) ? Optional.of(columns) : Optional.empty();
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    private static List<DataRow> table(String name, List<byte[]> lines, List<String> columns) {
        List<DataRow> rows = new ArrayList<>();
        for (int i = 1; i < lines.size(); i++) {
            String line;
            try {
                line = decode(lines.get(i));
            } catch (CharacterCodingException e) {
                throw DataRow.damaged(name, i + 1, "the line is not UTF-8", e);
            }
            if (line.isBlank()) {
                continue;
            }
            String[] cells = line.split("\t", -1);
            if (cells.length != columns.size()) {
                throw DataRow.damaged(
                        name, i + 1, cells.length + " cells under a header of " + columns.size() + " columns", null);
            }
            ObjectNode json = JsonNodeFactory.instance.objectNode();
            for (int column = 0; column < cells.length; column++) {
                json.put(columns.get(column), cells[column]);
            }
            rows.add(new DataRow(name, i + 1, json));
        }
        return rows;
    }

    /** Returns the first line that is an object; what comes before it may be damage, or no rows at all. */
    private static Optional<JsonNode> firstRow(List<byte[]> lines) {
        return lines.stream().map(DataFolder::object).flatMap(Optional::stream).findFirst();
    }

    private static Optional<JsonNode> object(byte[] line) {
        try {
            return Optional.of(parse(decode(line))).filter(JsonNode::isObject);
        } catch (CharacterCodingException | JsonProcessingException e) {
            return Optional.empty();
        }
    }

    private static List<DataRow> jsonLines(String name, List<byte[]> lines, List<String> fields) {
        List<DataRow> rows = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            JsonNode json;
            try {
                json = parse(decode(lines.get(i)));
            } catch (CharacterCodingException e) {
                throw DataRow.damaged(name, i + 1, "the line is not UTF-8", e);
            } catch (JsonProcessingException e) {
                throw DataRow.damaged(name, i + 1, "the line is not one JSON object", e);
            }
            if (json.isMissingNode()) {
                continue;
            }
            if (!json.isObject()) {
                throw DataRow.damaged(name, i + 1, "the line is not one JSON object", null);
            }
            for (String field : fields) {
                if (!json.has(field)) {
                    throw DataRow.damaged(name, i + 1, "the row has no field '" + field + "'", null);
                }
            }
            rows.add(new DataRow(name, i + 1, json));
        }
        return rows;
    }

    /** Returns the value of a line, a missing node when it is blank. */
    private static JsonNode parse(String line) throws JsonProcessingException {
        return line.isBlank() ? JsonNodeFactory.instance.missingNode() : JSON.readTree(line);
    }

    private static String decode(byte[] line) throws CharacterCodingException {
        String text = StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(line))
                .toString();
        return !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text;
    }
}
