package dev.llmlifecycle.core.prompt;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.llmlifecycle.api.ReferenceData;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Every case of the Dotprompt specification reads and renders as it says, or is one of those that are refused on
 * purpose.
 */
final class DotpromptSpecTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** The suites that are refused, with the reason; docs/prompts.md names their kinds. */
    private static final Map<String, String> REFUSED = Map.ofEntries(
            Map.entry("metadata.yaml/metadata_state", "variables of a context that is not the prompt's"),
            Map.entry("metadata.yaml/metadata_context_variables", "variables of a context that is not the prompt's"),
            Map.entry("metadata.yaml/raw", "a temperature above 2"),
            Map.entry("metadata.yaml/ext", "a prompt without a message"),
            Map.entry("ifEquals.yaml/", "comparisons are the application's"),
            Map.entry("unlessEquals.yaml/", "comparisons are the application's"),
            Map.entry("json.yaml/", "a value is put in as its text; write JSON into a variable"),
            Map.entry("section.yaml/", "which messages there are is fixed"),
            Map.entry("media.yaml/", "messages of a template are text"));

    @Test
    void everyCaseIsReadAsTheSpecificationSaysOrRefused() throws IOException {
        Path directory = ReferenceData.require("dotprompt_spec");
        TreeSet<String> wrong = new TreeSet<>();
        int[] counts = new int[2];
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".yaml"))
                    .sorted()
                    .toList()) {
                JsonNode suites = JSON.valueToTree(
                        new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file)));
                for (JsonNode suite : suites) {
                    String name = file.getFileName() + "/" + suite.path("name").asText();
                    boolean refused = REFUSED.keySet().stream().anyMatch(name::startsWith);
                    for (JsonNode test : suite.path("tests")) {
                        Optional<String> problem = problem(suite, test);
                        counts[refused ? 1 : 0]++;
                        if (refused != problem.isPresent()) {
                            wrong.add(name + ": " + test.path("desc").asText() + ": " + problem);
                        }
                    }
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(counts[0]).as("cases that pass").isGreaterThan(30);
    }

    private static Optional<String> problem(JsonNode suite, JsonNode test) {
        try {
            String template = suite.path("template").asText();
            JsonNode expected = test.path("expect");
            DotpromptText file = DotpromptText.parse(template);
            JsonNode front = JSON.valueToTree(file.front().values());
            for (String key : List.of("input", "output")) {
                JsonNode schema = expected.path(key).path("schema");
                if (!schema.isMissingNode()) {
                    JsonNode read = JSON.valueToTree(Picoschema.jsonSchema(
                            JSON.convertValue(front.path(key).path("schema"), Object.class),
                            map(suite.path("schemas"))));
                    if (!read.equals(schema)) {
                        return Optional.of("schema " + read + " and not " + schema);
                    }
                }
            }
            List<String> messages = new ArrayList<>();
            expected.path("messages")
                    .forEach(message -> messages.add(message.path("role").asText() + ": "
                            + message.at("/content/0/text").asText()));
            if (messages.isEmpty() && !expected.has("ext")) {
                return Optional.empty(); // a schema alone, which was compared above
            }
            Map<String, Object> values = map(test.at("/options/input/default"));
            values.putAll(map(test.at("/data/input")));
            List<ChatMessage> history = new ArrayList<>();
            JsonNode said = suite.has("data") ? suite.path("data") : test.path("data");
            said.path("messages").forEach(message -> history.add(message(message)));
            Map<String, String> partials = new HashMap<>();
            map(suite.path("partials")).forEach((name, text) -> partials.put(name, String.valueOf(text)));
            Dotprompt prompt = DotpromptFiles.read("spec", template, partials);
            List<String> rendered = new PromptRenderer()
                    .render(prompt.template(), values, history, List.of()).stream()
                            .map(DotpromptSpecTest::line)
                            .toList();
            return rendered.equals(messages) ? Optional.empty() : Optional.of(rendered + " and not " + messages);
        } catch (IllegalArgumentException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private static String line(ChatMessage message) {
        if (message instanceof SystemMessage system) {
            return "system: " + system.text();
        }
        return message instanceof UserMessage user
                ? "user: " + user.singleText()
                : "model: " + ((AiMessage) message).text();
    }

    private static ChatMessage message(JsonNode said) {
        String text = said.at("/content/0/text").asText();
        return said.path("role").asText().equals("user") ? UserMessage.from(text) : AiMessage.from(text);
    }

    private static Map<String, Object> map(JsonNode node) {
        return node.isObject()
                ? JSON.convertValue(node, new TypeReference<HashMap<String, Object>>() {})
                : new HashMap<>();
    }
}
