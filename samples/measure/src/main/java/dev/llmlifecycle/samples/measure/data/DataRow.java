package dev.llmlifecycle.samples.measure.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import com.fasterxml.jackson.databind.JsonNode;
import dev.llmlifecycle.api.DamagedDataException;
import org.jspecify.annotations.Nullable;

/**
 * A row of a data set, which knows where it stands.
 *
 * <p>Immutable, as long as nobody changes {@code json}.
 *
 * @param file the file, as a path that can be opened
 * @param line its line, from 1
 * @param json its fields; the cells of a table are texts
 * @since 0.1
 */
public record DataRow(String file, int line, JsonNode json) {

    /** Checks for null. */
    public DataRow {
        Objects.requireNonNull(file, "file");
        Objects.requireNonNull(json, "json");
    }

    /**
     * Returns a field that is a text.
     *
     * @param field its name
     * @return the text
     * @throws DamagedDataException when the field is missing or no text
     */
    public String text(String field) {
        JsonNode value = json.path(field);
        if (!value.isTextual()) {
            throw damaged("field '" + field + "' is not a text", null);
        }
        return value.asText();
    }

    /**
     * Returns the texts inside a field that is a list of objects.
     *
     * @param field the name of the list
     * @param inner the name of the text in each of its objects
     * @return the texts in order, at least one
     * @throws DamagedDataException when the field is not such a list, or is empty
     */
    public List<String> texts(String field, String inner) {
        List<String> texts = new ArrayList<>();
        for (JsonNode element : json.path(field)) {
            JsonNode value = element.path(inner);
            if (!value.isTextual()) {
                throw damaged("field '" + field + "' holds something without a text '" + inner + "'", null);
            }
            texts.add(value.asText());
        }
        if (texts.isEmpty()) {
            throw damaged("field '" + field + "' is not a list with something in it", null);
        }
        return List.copyOf(texts);
    }

    /**
     * Creates the exception for a row that cannot be used.
     *
     * @param problem what is wrong with it
     * @return the exception, which names file and line
     */
    public DamagedDataException damaged(String problem) {
        return damaged(problem, null);
    }

    private DamagedDataException damaged(String problem, @Nullable Throwable cause) {
        return damaged(file, line, problem, cause);
    }

    static DamagedDataException damaged(String file, int line, String problem, @Nullable Throwable cause) {
        return new DamagedDataException(
                file, "line " + line, problem, "correct the line, or take the file out of the folder", cause);
    }
}
