package dev.llmlifecycle.core.prompt;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.llmlifecycle.api.prompt.ChatPromptTemplate;
import dev.llmlifecycle.api.prompt.ModelParameters;
import dev.llmlifecycle.core.internal.JsonObject;
import dev.llmlifecycle.core.internal.LineProblem;
import dev.llmlifecycle.core.internal.YamlTree;
import org.jspecify.annotations.Nullable;

/**
 * The two parts of a Dotprompt file.
 *
 * @param front the front matter, empty where there is none
 * @param body the text below it
 * @param bodyLine the line in which the text begins
 */
record DotpromptText(YamlTree front, String body, int bodyLine) {

    private static final String FENCE = "---";

    /**
     * Splits a file.
     *
     * @throws LineProblem when the front matter has no end or is no YAML
     */
    static DotpromptText parse(String file) {
        String text = (file.startsWith("\uFEFF") ? file.substring(1) : file).replace("\r\n", "\n");
        String[] lines = text.split("\n", -1);
        if (!lines[0].stripTrailing().equals(FENCE)) {
            return new DotpromptText(YamlTree.parse("", 1), text, 1);
        }
        for (int end = 1; end < lines.length; end++) {
            if (lines[end].stripTrailing().equals(FENCE)) {
                List<String> all = List.of(lines);
                int first = end + 1;
                while (first < lines.length && lines[first].isBlank()) {
                    first++;
                }
                return new DotpromptText(
                        YamlTree.parse(String.join("\n", all.subList(1, end)), 2),
                        String.join("\n", all.subList(first, lines.length)).strip(),
                        first + 1);
            }
        }
        throw new LineProblem(1, "the front matter has no end; write a line of three hyphens below it");
    }

    /** Makes the template; the name in the file goes before the one that is given. */
    Dotprompt template(String name, Map<String, String> partials) {
        DotpromptVariables variables = new DotpromptVariables();
        Map<?, ?> defaults = map("input", "default");
        located(
                "input",
                () -> inputSchema().ifPresentOrElse(schema -> variables.declare(schema, defaults), () -> {
                    if (!defaults.isEmpty()) {
                        variables.declare(schemaOf(defaults), defaults);
                    }
                }));
        ChatPromptTemplate.Builder builder =
                ChatPromptTemplate.builder(front.values().get("name") instanceof String own ? own : name);
        new HandlebarsBody(partials, variables).translate(body, bodyLine).forEach(builder::part);
        variables.all().forEach(builder::variable);
        located("output", () -> outputSchema().ifPresent(schema -> builder.outputSchema(JsonObject.line(schema))));
        List<String> unused = new ArrayList<>();
        located("config", () -> builder.parameters(parameters()));
        front.values().forEach((key, value) -> {
            switch (key) {
                case "name", "model" -> {
                    if (!(value instanceof String)) {
                        unused.add(key);
                    }
                }
                case "config", "input", "output" -> unusedIn(key, value, unused);
                default -> unused.add(key);
            }
        });
        ChatPromptTemplate template = builder.build();
        PromptRenderer.check(template);
        return new Dotprompt(
                template,
                front.values().get("model") instanceof String model ? Optional.of(model) : Optional.empty(),
                unused.stream().sorted().toList());
    }

    Optional<Map<String, Object>> inputSchema() {
        return schema("input");
    }

    Optional<Map<String, Object>> outputSchema() {
        return schema("output");
    }

    private Optional<Map<String, Object>> schema(String key) {
        return front.values().get(key) instanceof Map<?, ?> map && map.get("schema") != null
                ? Optional.of(Picoschema.jsonSchema(map.get("schema"), Map.of()))
                : Optional.empty();
    }

    private Map<?, ?> map(String key, String inner) {
        return front.values().get(key) instanceof Map<?, ?> map && map.get(inner) instanceof Map<?, ?> values
                ? values
                : Map.of();
    }

    /** What is not declared and has a default is as its default is. */
    private static Map<String, Object> schemaOf(Map<?, ?> defaults) {
        Map<String, Object> properties = new LinkedHashMap<>();
        defaults.forEach((name, value) -> properties.put(
                String.valueOf(name),
                Map.of("type", value instanceof Boolean ? "boolean" : value instanceof Number ? "number" : "string")));
        return Map.of("type", "object", "properties", properties);
    }

    private ModelParameters parameters() {
        ModelParameters.Builder parameters = ModelParameters.builder();
        if (front.values().get("config") instanceof Map<?, ?> config) {
            config.forEach((key, value) -> {
                switch (String.valueOf(key)) {
                    case "temperature" -> parameters.temperature(number("temperature", value));
                    case "topP" -> parameters.topP(number("topP", value));
                    case "maxOutputTokens" -> {
                        if (!(value instanceof Integer tokens)) {
                            throw new IllegalArgumentException(
                                    "maxOutputTokens is no whole number up to 2147483647;" + " correct it");
                        }
                        parameters.maxOutputTokens(tokens);
                    }
                    case "stopSequences" -> {
                        if (!(value instanceof List<?> texts)) {
                            throw new IllegalArgumentException("stopSequences is no list; write one");
                        }
                        parameters.stopSequences(
                                texts.stream().map(String::valueOf).toArray(String[]::new));
                    }
                    default -> {
                        // It is told as unused.
                    }
                }
            });
        }
        return parameters.build();
    }

    private static void unusedIn(String key, @Nullable Object value, List<String> unused) {
        if (!(value instanceof Map<?, ?> map)) {
            unused.add(key);
            return;
        }
        List<String> known = switch (key) {
            case "input" -> List.of("schema", "default");
            case "output" -> List.of("schema");
            default -> List.of("temperature", "topP", "maxOutputTokens", "stopSequences");
        };
        map.keySet().stream()
                .map(String::valueOf)
                .filter(inner -> !known.contains(inner))
                .forEach(inner -> unused.add(key + "." + inner));
    }

    private static double number(String name, @Nullable Object value) {
        if (value instanceof Number number) {
            return number.doubleValue();
        }
        throw new IllegalArgumentException(name + " is no number; correct it");
    }

    /** Names the line of a part of the front matter in what is wrong with it. */
    private void located(String key, Runnable reader) {
        try {
            reader.run();
        } catch (IllegalArgumentException e) {
            throw new LineProblem(front.line(key), String.valueOf(e.getMessage()));
        }
    }
}
