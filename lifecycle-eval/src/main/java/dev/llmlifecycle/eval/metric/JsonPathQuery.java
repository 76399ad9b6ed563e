package dev.llmlifecycle.eval.metric;

import com.fasterxml.jackson.databind.JsonNode;
import com.jayway.jsonpath.Configuration;
import com.jayway.jsonpath.InvalidPathException;
import com.jayway.jsonpath.JsonPath;
import com.jayway.jsonpath.Option;
import com.jayway.jsonpath.spi.json.JacksonJsonNodeJsonProvider;
import com.jayway.jsonpath.spi.mapper.JacksonMappingProvider;

/** Finds values by a JSON path. The library behind it is optional, and nothing else here touches it. */
final class JsonPathQuery {

    private static final Configuration CONFIGURATION = Configuration.builder()
            .jsonProvider(new JacksonJsonNodeJsonProvider(JsonAnswers.MAPPER))
            .mappingProvider(new JacksonMappingProvider(JsonAnswers.MAPPER))
            .options(Option.ALWAYS_RETURN_LIST, Option.SUPPRESS_EXCEPTIONS)
            .build();

    private final JsonPath path;

    private JsonPathQuery(JsonPath path) {
        this.path = path;
    }

    static JsonPathQuery of(String metric, String path) {
        try {
            return new JsonPathQuery(JsonPath.compile(path));
        } catch (InvalidPathException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "the path of metric '" + metric + "' must be a JSON path but was '" + path
                            + "'; write one such as $.items[0].id",
                    e);
        }
    }

    /** Returns what the path finds: an array, empty where there is nothing. */
    JsonNode find(JsonNode value) {
        return path.read(value, CONFIGURATION);
    }
}
