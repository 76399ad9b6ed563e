package dev.llmlifecycle.core.prompt;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.llmlifecycle.api.prompt.ChatPromptTemplate;
import dev.llmlifecycle.api.prompt.PromptPart;
import dev.llmlifecycle.api.prompt.PromptVariable;
import dev.llmlifecycle.api.prompt.ValueLimits;
import dev.llmlifecycle.core.internal.JsonObject;
import dev.llmlifecycle.core.internal.YamlWriter;
import org.jspecify.annotations.Nullable;

/** Writes a template as a Dotprompt file, or says what of it Dotprompt cannot say. Not thread-safe. */
final class DotpromptWriter {

    private static final Pattern TAG = Pattern.compile("\\{\\{\\{?\\s*([#^/>!&=]?)\\s*([^}]*?)\\s*}}}?");

    private final ChatPromptTemplate template;
    private final Deque<Section> sections = new ArrayDeque<>();

    /** An open section: the word that closes it, and the properties that names mean in it, if it has any. */
    private record Section(String word, @Nullable List<PromptVariable> properties, boolean item) {}

    private DotpromptWriter(ChatPromptTemplate template) {
        this.template = template;
    }

    static String write(ChatPromptTemplate template) {
        PromptRenderer.check(template);
        return new DotpromptWriter(template).file();
    }

    private String file() {
        if (!template.partials().isEmpty()) {
            throw refused("has partials, which are files of their own there");
        }
        if (!template.parts().contains(new PromptPart.Placeholder(PromptPart.Content.HISTORY))) {
            throw refused("has no place for the history, which would be put in all the same");
        }
        Map<String, Object> front = new LinkedHashMap<>();
        front.put("name", template.name());
        Map<String, Object> config = config();
        if (!config.isEmpty()) {
            front.put("config", config);
        }
        if (!template.variables().isEmpty()) {
            front.put("input", input());
        }
        template.outputSchema()
                .ifPresent(schema -> front.put(
                        "output", Map.of("schema", JsonObject.parse(schema).toMap())));
        StringBuilder body = new StringBuilder();
        template.parts().forEach(part -> body.append(part(part)));
        String text = body.toString();
        // A text is trimmed at its end when it is read. A comment keeps what is there, and a second one keeps its line.
        String end = text.equals(text.stripTrailing()) ? "\n" : "{{! }}{{! }}\n";
        return "---\n" + YamlWriter.write(front) + "---\n" + text + end;
    }

    private Map<String, Object> config() {
        Map<String, Object> config = new LinkedHashMap<>();
        template.parameters().temperature().ifPresent(value -> config.put("temperature", value));
        template.parameters().topP().ifPresent(value -> config.put("topP", value));
        template.parameters().maxOutputTokens().ifPresent(value -> config.put("maxOutputTokens", value));
        if (!template.parameters().stopSequences().isEmpty()) {
            config.put("stopSequences", template.parameters().stopSequences());
        }
        return config;
    }

    private Map<String, Object> input() {
        Map<String, Object> defaults = new LinkedHashMap<>();
        for (PromptVariable variable : template.variables()) {
            variable.defaultValue()
                    .filter(value -> !value.isEmpty())
                    .ifPresent(value -> defaults.put(variable.name(), value));
        }
        Map<String, Object> input = new LinkedHashMap<>();
        input.put("schema", schema(template.variables()));
        if (!defaults.isEmpty()) {
            input.put("default", defaults);
        }
        return input;
    }

    private Map<String, Object> schema(List<PromptVariable> variables) {
        Map<String, Object> schema = new LinkedHashMap<>();
        for (PromptVariable variable : variables) {
            boolean choice = variable.type() == PromptVariable.Type.ENUM;
            if (variable.handling() != PromptVariable.Handling.DEFUSED
                    || !(choice || variable.limits().equals(ValueLimits.NONE))) {
                throw refused("has the variable '" + variable.name() + "' with a limit or handling of its values");
            }
            String name = variable.name() + (variable.defaultValue().isPresent() ? "?" : "");
            switch (variable.type()) {
                case TEXT -> schema.put(name, "string");
                case NUMBER -> schema.put(name, "number");
                case BOOLEAN -> schema.put(name, "boolean");
                case ENUM -> schema.put(name + "(enum)", variable.limits().values());
                case LIST ->
                    schema.put(
                            name + "(array)",
                            variable.properties().isEmpty() ? "string" : schema(variable.properties()));
                case OBJECT -> schema.put(name + "(object)", schema(variable.properties()));
            }
        }
        return schema;
    }

    private String part(PromptPart part) {
        if (part instanceof PromptPart.Message message) {
            String role = message.role() == PromptPart.Role.ASSISTANT
                    ? "model"
                    : message.role() == PromptPart.Role.SYSTEM ? "system" : "user";
            return "{{role \"" + role + "\"}}" + text(message.template());
        }
        if (((PromptPart.Placeholder) part).content() == PromptPart.Content.EXAMPLES) {
            throw refused("has a place for examples");
        }
        return "{{history}}";
    }

    private String text(String mustache) {
        if (mustache.contains("\\{{")) {
            throw refused("has a backslash before braces, which would take their meaning");
        }
        Matcher tags = TAG.matcher(mustache);
        return tags.replaceAll(tag -> Matcher.quoteReplacement(tag(tag.group(1), tag.group(2))));
    }

    private String tag(String sigil, String name) {
        return switch (sigil) {
            case "#" -> section(name, false);
            case "^" -> section(name, true);
            case "/" -> "{{/" + sections.pop().word() + "}}";
            case "!" -> "{{! }}";
            case "=" -> throw refused("has other delimiters than braces");
            default -> "{{" + path(name) + "}}";
        };
    }

    private String section(String name, boolean inverted) {
        if (name.equals("-first") || name.equals("-last")) {
            String word = inverted ? "unless" : "if";
            sections.push(new Section(word, null, false));
            return "{{#" + word + " @" + name.substring(1) + "}}";
        }
        String path = path(name);
        PromptVariable variable = variable(name);
        String word = inverted
                ? "unless"
                : switch (variable.type()) {
                    case LIST -> "each";
                    case OBJECT -> "with";
                    default -> "if";
                };
        boolean opens = word.equals("each") || word.equals("with");
        sections.push(new Section(word, opens ? variable.properties() : null, word.equals("each")));
        return "{{#" + word + " " + path + "}}";
    }

    /** Returns a name with a step up for each loop or object between it and where it is found. */
    private String path(String name) {
        if (name.equals(".")) {
            if (sections.stream()
                            .filter(section -> section.properties() != null)
                            .findFirst()
                            .filter(Section::item)
                            .isEmpty()
                    || sections.peek() == null
                    || (sections.peek().properties() == null
                            && sections.peek().word().equals("if"))) {
                throw refused("has a '.' in a section that is no list");
            }
            return "this";
        }
        if (name.startsWith("-")) {
            throw refused("has '" + name + "', which counts from 1 where Dotprompt counts from 0");
        }
        int up = 0;
        String first = name.split("\\.", 2)[0];
        for (Section section : sections) {
            if (section.properties() == null) {
                continue;
            }
            if (section.properties().stream()
                    .anyMatch(property -> property.name().equals(first))) {
                break;
            }
            up++;
        }
        return "../".repeat(up) + name;
    }

    private PromptVariable variable(String name) {
        String[] names = name.split("\\.", -1);
        List<PromptVariable> candidates = sections.stream()
                .filter(section -> section.properties() != null
                        && section.properties().stream()
                                .anyMatch(property -> property.name().equals(names[0])))
                .findFirst()
                .map(Section::properties)
                .orElse(template.variables());
        PromptVariable found = PromptVariable.text(names[0]);
        for (String each : names) {
            found = candidates.stream()
                    .filter(candidate -> candidate.name().equals(each))
                    .findFirst()
                    .orElse(PromptVariable.text(each));
            candidates = found.properties();
        }
        return found;
    }

    private IllegalArgumentException refused(String problem) {
        return new IllegalArgumentException("prompt '" + template.name() + "' cannot be written as Dotprompt: it "
                + problem + "; write it with TemplateFiles");
    }
}
