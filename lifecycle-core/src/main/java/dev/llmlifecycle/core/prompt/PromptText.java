package dev.llmlifecycle.core.prompt;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;

import dev.llmlifecycle.api.prompt.ChatPromptTemplate;
import dev.llmlifecycle.api.prompt.PromptPart;
import dev.llmlifecycle.api.prompt.PromptVariable;
import dev.llmlifecycle.api.prompt.PromptVersion;
import dev.llmlifecycle.core.internal.JsonObject;
import dev.llmlifecycle.core.internal.LineProblem;
import dev.llmlifecycle.core.internal.YamlTree;
import dev.llmlifecycle.core.internal.YamlWriter;
import org.jspecify.annotations.Nullable;

/**
 * The text form of prompts and their versions, format 2: what is not a text of the prompt as front matter, then
 * messages, places and partials under markers.
 *
 * <p>It holds the members of the canonical form under their names, so what a hash covers is what stands in the file.
 */
final class PromptText {

    private static final int FORMAT = 2;
    private static final List<String> VERSION_KEYS =
            List.of("format", "name", "number", "author", "message", "createdAt", "tags", "parent", "hash");
    private static final List<String> VARIABLE_KEYS = List.of(
            "name",
            "type",
            "default",
            "handling",
            "values",
            "minimum",
            "maximum",
            "pattern",
            "maxLength",
            "maxItems",
            "properties");
    private static final List<String> PARAMETER_KEYS =
            List.of("temperature", "topP", "maxOutputTokens", "stopSequences");
    private static final List<String> TEMPLATE_KEYS = List.of("variables", "parameters", "outputSchema");
    private static final String OUTPUT_SCHEMA = "output schema";
    private static final String PARTIAL = "partial ";

    private PromptText() {}

    static String write(PromptVersion version) {
        Map<String, Object> canonical = new LinkedHashMap<>(version.toCanonical());
        canonical.remove("type");
        canonical.remove("template");
        canonical.put("hash", version.hash().hex());
        return write(version.template(), canonical);
    }

    static String write(ChatPromptTemplate template) {
        return write(template, Map.of());
    }

    private static String write(ChatPromptTemplate template, Map<String, Object> version) {
        Map<String, Object> canonical = new LinkedHashMap<>(template.toCanonical());
        List.of("type", "name", "parts", "partials", "outputSchema").forEach(canonical::remove);
        canonical.put(
                "variables",
                template.variables().stream()
                        .map(variable -> variableForPeople(variable.toCanonical()))
                        .toList());
        canonical.put("parameters", ordered(asMap(canonical.get("parameters")), PARAMETER_KEYS));
        List<PromptSections.Section> sections = new ArrayList<>();
        template.parts().forEach(part -> sections.add(section(part)));
        template.partials().forEach((name, text) -> sections.add(new PromptSections.Section(PARTIAL + name, text, 0)));
        template.outputSchema()
                .ifPresent(schema -> schemaForPeople(schema)
                        .ifPresentOrElse(
                                tree -> canonical.put("outputSchema", tree),
                                () -> sections.add(new PromptSections.Section(OUTPUT_SCHEMA, schema, 0))));
        Map<String, Object> front = new LinkedHashMap<>();
        front.put("format", FORMAT);
        front.put("name", template.name());
        front.putAll(ordered(version, VERSION_KEYS));
        front.putAll(ordered(canonical, TEMPLATE_KEYS));
        front.values().removeIf(value -> value.equals(List.of()) || value.equals(Map.of()));
        return PromptSections.write(YamlWriter.write(front), sections);
    }

    /**
     * Reads a version and checks it against its own hash.
     *
     * @throws LineProblem when a line is wrong
     * @throws IllegalArgumentException when it does not fit its hash
     */
    static PromptVersion readVersion(String text) {
        PromptSections file = PromptSections.parse(text);
        JsonObject front = JsonObject.of(file.front().values());
        requireFormat(file.front(), front);
        return PromptJson.version(front, template(file));
    }

    /**
     * Reads a template; what a version has beside it may stand there too and is not looked at.
     *
     * @throws LineProblem when a line is wrong
     */
    static ChatPromptTemplate readTemplate(String text) {
        PromptSections file = PromptSections.parse(text);
        JsonObject front = JsonObject.of(file.front().values());
        if (front.has("format")) {
            requireFormat(file.front(), front);
        }
        ChatPromptTemplate template = template(file);
        return located(file.front(), () -> {
            checkRendering(file, template);
            return template;
        });
    }

    private static void requireFormat(YamlTree tree, JsonObject front) {
        try {
            front.requireFormat(FORMAT);
        } catch (IllegalArgumentException e) {
            throw problem(tree.line("format"), String.valueOf(e.getMessage()), e);
        }
    }

    private static ChatPromptTemplate template(PromptSections file) {
        return located(file.front(), () -> {
            ChatPromptTemplate template = PromptJson.template(JsonObject.of(templateJson(file)));
            checkKeys(file.front(), template);
            return template;
        });
    }

    /** Says of a template that cannot be rendered in which line of the file its first mistake is. */
    private static void checkRendering(PromptSections file, ChatPromptTemplate template) {
        try {
            PromptRenderer.check(template);
        } catch (IllegalArgumentException e) {
            String message = String.valueOf(e.getMessage());
            int part = 0;
            for (PromptSections.Section section : file.sections()) {
                String place = section.title().startsWith(PARTIAL)
                        ? "partial '" + section.title().substring(PARTIAL.length()) + "'"
                        : "message " + ++part;
                if (message.startsWith("prompt '" + template.name() + "', " + place + ", ")) {
                    throw problem(section.line(), "below this marker, " + message, e);
                }
            }
            throw e;
        }
    }

    private static <T> T located(YamlTree front, Supplier<T> reader) {
        try {
            return reader.get();
        } catch (LineProblem e) {
            throw e;
        } catch (IllegalArgumentException e) {
            String message = String.valueOf(e.getMessage());
            throw problem(
                    front.lineNamedIn(message).or(() -> wrongVariable(front)).orElse(1), message, e);
        }
    }

    private static Optional<Integer> wrongVariable(YamlTree front) {
        if (front.values().get("variables") instanceof List<?> variables) {
            for (int i = 0; i < variables.size(); i++) {
                try {
                    PromptJson.variable(JsonObject.of(asMap(variableForReader(variables.get(i)))));
                } catch (IllegalArgumentException | ClassCastException e) {
                    return Optional.of(front.line("variables[" + i + "]"));
                }
            }
        }
        return Optional.empty();
    }

    private static LineProblem problem(int line, String problem, Throwable cause) {
        LineProblem located = new LineProblem(line, problem);
        located.initCause(cause);
        return located;
    }

    private static Map<String, Object> templateJson(PromptSections file) {
        Map<String, Object> json = new LinkedHashMap<>(file.front().values());
        json.putIfAbsent("parameters", Map.of());
        if (json.get("variables") instanceof List<?> variables) {
            json.put(
                    "variables",
                    variables.stream().map(PromptText::variableForReader).toList());
        }
        if (json.get("outputSchema") instanceof Map<?, ?> schema) {
            json.put("outputSchema", JsonObject.line(asMap(schema)));
        }
        List<Map<String, Object>> parts = new ArrayList<>();
        Map<String, Object> partials = new TreeMap<>();
        for (PromptSections.Section section : file.sections()) {
            String title = section.title();
            if (title.startsWith(PARTIAL)) {
                if (partials.put(title.substring(PARTIAL.length()), section.text()) != null) {
                    throw new LineProblem(section.line(), "the " + title + " stands there twice; keep one");
                }
            } else if (title.equals(OUTPUT_SCHEMA)) {
                if (json.put("outputSchema", section.text()) != null) {
                    throw new LineProblem(section.line(), "the output schema stands there twice; keep one");
                }
            } else {
                parts.add(part(section));
            }
        }
        json.put("parts", parts);
        json.put("partials", partials);
        return json;
    }

    private static PromptSections.Section section(PromptPart part) {
        if (part instanceof PromptPart.Message message) {
            return new PromptSections.Section(titleOf(message.role()), message.template(), 0);
        }
        return new PromptSections.Section(titleOf(((PromptPart.Placeholder) part).content()), "", 0);
    }

    private static Map<String, Object> part(PromptSections.Section section) {
        for (PromptPart.Role role : PromptPart.Role.values()) {
            if (section.title().equals(titleOf(role))) {
                if (section.text().isBlank()) {
                    throw new LineProblem(section.line(), "the message is blank; fill it in or leave it out");
                }
                return new PromptPart.Message(role, section.text()).toCanonical();
            }
        }
        for (PromptPart.Content content : PromptPart.Content.values()) {
            if (section.title().equals(titleOf(content))) {
                if (!section.text().isEmpty()) {
                    throw new LineProblem(
                            section.line(),
                            "a text stands under the place for " + section.title()
                                    + ", which the application fills; write a marker above the text");
                }
                return new PromptPart.Placeholder(content).toCanonical();
            }
        }
        List<String> known = Stream.of(
                        Stream.of(PromptPart.Role.values()),
                        Stream.of(PromptPart.Content.values()),
                        Stream.of("partial NAME", OUTPUT_SCHEMA))
                .flatMap(titles -> titles)
                .map(PromptText::titleOf)
                .toList();
        throw new LineProblem(
                section.line(),
                "the marker '" + section.title() + "' is not known; write one of " + String.join(", ", known));
    }

    private static String titleOf(Object titled) {
        return titled instanceof Enum<?> constant ? constant.name().toLowerCase(Locale.ROOT) : titled.toString();
    }

    /** Refuses keys that would be lost, such as one that is misspelt. */
    private static void checkKeys(YamlTree front, ChatPromptTemplate template) {
        Set<String> known = new HashSet<>(template.toCanonical().keySet());
        known.removeAll(List.of("type", "parts", "partials"));
        known.addAll(VERSION_KEYS);
        known.addAll(TEMPLATE_KEYS);
        checkKeys(front, "", front.values(), known);
        checkKeys(front, "parameters.", front.values().get("parameters"), Set.copyOf(PARAMETER_KEYS));
        checkVariables(front, "variables", front.values().get("variables"));
    }

    private static void checkVariables(YamlTree front, String path, @Nullable Object variables) {
        if (variables instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                String item = path + "[" + i + "].";
                checkKeys(front, item, list.get(i), Set.copyOf(VARIABLE_KEYS));
                checkVariables(front, item + "properties", asMap(list.get(i)).get("properties"));
            }
        }
    }

    private static void checkKeys(YamlTree front, String path, @Nullable Object values, Set<String> known) {
        if (values instanceof Map<?, ?> map) {
            for (String key : asMap(map).keySet()) {
                if (!known.contains(key)) {
                    throw new LineProblem(
                            front.line(path + key),
                            "the key '" + key + "' is not known"
                                    + NearestName.of(key, known)
                                            .map(nearest -> " (did you mean '" + nearest + "'?)")
                                            .orElse("")
                                    + "; correct it or leave it out");
                }
            }
        }
    }

    private static Map<String, Object> variableForPeople(Map<String, Object> canonical) {
        Map<String, Object> variable = new LinkedHashMap<>(ordered(canonical, VARIABLE_KEYS));
        for (String constant : List.of("type", "handling")) {
            variable.computeIfPresent(constant, (key, value) -> value.toString().toLowerCase(Locale.ROOT));
        }
        variable.computeIfPresent(
                "properties",
                (key, properties) -> ((List<?>) properties)
                        .stream()
                                .map(property -> variableForPeople(asMap(property)))
                                .toList());
        return variable;
    }

    /** People leave out that it is a text, and write defaults and choices as numbers. */
    private static @Nullable Object variableForReader(@Nullable Object item) {
        if (!(item instanceof Map<?, ?> map)) {
            return item;
        }
        Map<String, Object> variable = new LinkedHashMap<>(asMap(map));
        variable.putIfAbsent("type", PromptVariable.Type.TEXT.name());
        for (String constant : List.of("type", "handling")) {
            variable.computeIfPresent(
                    constant, (key, value) -> value instanceof String name ? name.toUpperCase(Locale.ROOT) : value);
        }
        variable.computeIfPresent("default", (key, value) -> scalarAsText(value));
        if (variable.get("values") instanceof List<?> values) {
            variable.put("values", values.stream().map(PromptText::scalarAsText).toList());
        }
        if (variable.get("properties") instanceof List<?> properties) {
            variable.put(
                    "properties",
                    properties.stream().map(PromptText::variableForReader).toList());
        }
        return variable;
    }

    private static Object scalarAsText(Object value) {
        return value instanceof Number || value instanceof Boolean ? value.toString() : value;
    }

    /** A schema as a tree, where the tree gives the same text again. */
    private static Optional<Map<String, Object>> schemaForPeople(String schema) {
        try {
            Map<String, Object> tree = JsonObject.parse(schema).toMap();
            Map<String, Object> read =
                    YamlTree.parse(YamlWriter.write(Map.of("schema", tree)), 1).values();
            return JsonObject.line(asMap(read.get("schema"))).equals(schema) ? Optional.of(tree) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Map<String, Object> ordered(Map<String, Object> values, List<String> keys) {
        Map<String, Object> ordered = new LinkedHashMap<>();
        keys.stream().filter(values::containsKey).forEach(key -> ordered.put(key, values.get(key)));
        new TreeMap<>(values).forEach(ordered::putIfAbsent);
        return ordered;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> asMap(@Nullable Object map) {
        return map == null ? Map.of() : (Map<String, Object>) map;
    }
}
