package dev.llmlifecycle.core.prompt;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.langchain4j.data.message.UserMessage;
import dev.llmlifecycle.api.ReferenceData;
import dev.llmlifecycle.api.prompt.ChatPromptTemplate;
import dev.llmlifecycle.api.prompt.PromptVariable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Every case of the Mustache specification renders as it says, or is one of the deviations that are written down. */
final class MustacheSpecTest {

    /** The deviations on purpose; docs/prompts.md names their kinds. */
    private static final Map<String, Set<String>> DEVIATIONS = Map.of(
            "comments",
            Set.of(),
            "delimiters",
            // jmustache reads new delimiters without white space next to the equals signs only
            Set.of("Inverted Sections", "Pair with Padding", "Partial Inheritence", "Sections"),
            "interpolation",
            Set.of(
                    // a name without a declaration or a value is an error
                    "Ampersand Context Miss Interpolation",
                    "Ampersand Null Interpolation",
                    "Basic Null Interpolation",
                    "Triple Mustache Null Interpolation",
                    "Dotted Names - Broken Chains",
                    "Dotted Names are never single keys",
                    // nothing is escaped for HTML
                    "HTML Escaping",
                    // the values of a prompt have names
                    "Implicit Iterators - Basic Integer Interpolation",
                    "Implicit Iterators - Basic Interpolation",
                    "Implicit Iterators - HTML Escaping",
                    "Implicit Iterators - Triple Mustache"),
            "inverted",
            // strict names; without a list its items have none
            Set.of("Dotted Names - Broken Chains", "List"),
            "sections",
            // strict names; no lists of lists; no escaping
            Set.of("Dotted Names - Broken Chains", "Implicit Iterator - Array", "Implicit Iterator - HTML Escaping"),
            "partials",
            // a partial that is not there is an error; a circle would have no end that a check can see
            Set.of("Failed Lookup", "Recursion"));

    private final ObjectMapper mapper = new ObjectMapper();
    private final PromptRenderer renderer = new PromptRenderer();

    @ParameterizedTest
    @CsvSource({"comments", "delimiters", "interpolation", "inverted", "sections", "partials"})
    void rendersTheSpecificationButForTheDeviations(String module) throws IOException {
        Path file = ReferenceData.require("mustache_spec").resolve(module + ".json");
        Map<String, String> deviations = new TreeMap<>();
        for (JsonNode test : mapper.readTree(Files.readString(file)).get("tests")) {
            String name = test.get("name").asText();
            try {
                String rendered = render(test);
                if (!rendered.equals(test.get("expected").asText())) {
                    deviations.put(name, "rendered " + rendered);
                }
            } catch (IllegalArgumentException e) {
                deviations.put(name, String.valueOf(e.getMessage()));
            }
        }

        assertThat(new TreeSet<>(deviations.keySet()))
                .as(deviations.toString())
                .isEqualTo(new TreeSet<>(DEVIATIONS.getOrDefault(module, Set.of())));
    }

    private String render(JsonNode test) {
        Map<String, Object> values = new LinkedHashMap<>();
        // A line before it, since a message that comes out blank is refused
        ChatPromptTemplate.Builder template = ChatPromptTemplate.builder("spec")
                .user("[\n" + test.get("template").asText());
        test.path("partials")
                .properties()
                .forEach(partial ->
                        template.partial(partial.getKey(), partial.getValue().asText()));
        test.get("data").properties().forEach(entry -> {
            if (!entry.getKey().contains(".")
                    && variable(entry.getKey(), entry.getValue()).isPresent()) {
                template.variable(variable(entry.getKey(), entry.getValue()).orElseThrow());
                values.put(entry.getKey(), mapper.convertValue(entry.getValue(), Object.class));
            }
        });
        String text = ((UserMessage) renderer.render(template.build(), values, List.of(), List.of())
                        .get(0))
                .singleText();
        return text.substring(2);
    }

    private static Optional<PromptVariable> variable(String name, JsonNode value) {
        if (value.isBoolean()) {
            return Optional.of(PromptVariable.bool(name));
        }
        if (value.isNumber()) {
            return Optional.of(PromptVariable.number(name));
        }
        if (value.isTextual()) {
            return Optional.of(PromptVariable.text(name).trusted());
        }
        if (value.isArray()) {
            JsonNode first = value.path(0);
            return Optional.of(PromptVariable.list(name, properties(first).toArray(PromptVariable[]::new))
                    .trusted());
        }
        List<PromptVariable> properties = properties(value);
        return value.isObject() && !properties.isEmpty()
                ? Optional.of(PromptVariable.object(name, properties.toArray(PromptVariable[]::new)))
                : Optional.empty();
    }

    private static List<PromptVariable> properties(JsonNode object) {
        List<PromptVariable> properties = new ArrayList<>();
        object.properties()
                .forEach(entry -> variable(entry.getKey(), entry.getValue()).ifPresent(properties::add));
        return properties;
    }
}
