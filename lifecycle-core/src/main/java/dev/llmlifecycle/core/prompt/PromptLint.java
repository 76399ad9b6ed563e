package dev.llmlifecycle.core.prompt;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

import dev.llmlifecycle.api.prompt.ChatPromptTemplate;
import dev.llmlifecycle.api.prompt.ModelParameters;
import dev.llmlifecycle.api.prompt.PromptPart;
import dev.llmlifecycle.api.prompt.PromptVariable;

/**
 * Finds what can be rendered but is probably not meant: for a review, or a test that wants none.
 *
 * <pre>{@code
 * assertThat(PromptLint.of(template)).isEmpty();
 * }</pre>
 *
 * <p>What cannot be rendered, such as a placeholder that is not declared, is an error already, of
 * {@link PromptRenderer#check}. Thread-safe.
 *
 * @since 0.1
 */
public final class PromptLint {

    private static final Pattern JSON = Pattern.compile("\\bJSON\\b");
    private static final Pattern IN_JSON = Pattern.compile("[{}\\[\\]\":,\\n]");
    private static final int FEW_TOKENS = 16;

    private PromptLint() {}

    /**
     * Looks at a template.
     *
     * @param template the template
     * @return the hints: by the order of the variables, then partials, messages and parameters; empty when there is
     *     nothing to say
     * @throws IllegalArgumentException when the template cannot be rendered
     */
    public static List<Hint> of(ChatPromptTemplate template) {
        CompiledPrompt compiled = CompiledPrompt.compile(template);
        List<Hint> hints = new ArrayList<>();
        for (PromptVariable variable : template.variables()) {
            String place = "variable '" + variable.name() + "'";
            if (!compiled.uses(variable.name())) {
                hints.add(new Hint(Rule.UNUSED, place, "it is declared and stands nowhere; use or remove it"));
            }
            bounds(variable.name(), variable, hints);
        }
        partials(template, hints);
        messages(template, hints);
        parameters(template, hints);
        return List.copyOf(hints);
    }

    private static void bounds(String path, PromptVariable variable, List<Hint> hints) {
        if (variable.handling() == PromptVariable.Handling.TRUSTED) {
            return;
        }
        String place = "variable '" + path + "'";
        boolean texts = variable.type() == PromptVariable.Type.TEXT
                || (variable.type() == PromptVariable.Type.LIST
                        && variable.properties().isEmpty());
        if (texts && variable.limits().maxLength().isEmpty()) {
            hints.add(new Hint(
                    Rule.UNBOUNDED, place, "it takes foreign text of any length; set maxLength or declare it trusted"));
        }
        if (variable.type() == PromptVariable.Type.LIST
                && variable.limits().maxItems().isEmpty()) {
            hints.add(new Hint(Rule.UNBOUNDED, place, "it takes any number of items; set maxItems"));
        }
        variable.properties().forEach(property -> bounds(path + "." + property.name(), property, hints));
    }

    private static void partials(ChatPromptTemplate template, List<Hint> hints) {
        Set<String> reached = new HashSet<>();
        for (PromptPart part : template.parts()) {
            if (part instanceof PromptPart.Message message) {
                reach(template, message.template(), reached);
            }
        }
        template.partials().keySet().stream()
                .filter(partial -> !reached.contains(partial))
                .forEach(partial -> hints.add(
                        new Hint(Rule.UNUSED, "partial '" + partial + "'", "it is put in nowhere; use or remove it")));
    }

    private static void reach(ChatPromptTemplate template, String text, Set<String> reached) {
        for (Tags.Tag tag : Tags.in(text)) {
            if (tag.kind() == Tags.Kind.PARTIAL && reached.add(tag.name())) {
                reach(template, template.partials().getOrDefault(tag.name(), ""), reached);
            }
        }
    }

    private static void messages(ChatPromptTemplate template, List<Hint> hints) {
        boolean asksForJson = false;
        for (int i = 0; i < template.parts().size(); i++) {
            if (template.parts().get(i) instanceof PromptPart.Message message) {
                asksForJson |= JSON.matcher(message.template()).find();
                if (message.role() == PromptPart.Role.SYSTEM) {
                    foreignText(template, message.template(), "message " + (i + 1), hints);
                }
            }
        }
        if (asksForJson && template.outputSchema().isEmpty()) {
            hints.add(new Hint(
                    Rule.NO_OUTPUT_SCHEMA, "output schema", "the messages speak of JSON and there is none; set it"));
        }
    }

    private static void foreignText(ChatPromptTemplate template, String text, String place, List<Hint> hints) {
        Set<String> told = new HashSet<>();
        for (Tags.Tag tag : Tags.in(text)) {
            template.variables().stream()
                    .filter(variable -> tag.kind() == Tags.Kind.VARIABLE
                            && variable.name().equals(tag.name())
                            && variable.type() == PromptVariable.Type.TEXT
                            && variable.handling() == PromptVariable.Handling.DEFUSED
                            && told.add(tag.name()))
                    .forEach(variable -> hints.add(new Hint(
                            Rule.FOREIGN_TEXT_IN_SYSTEM,
                            place,
                            "the foreign text of '" + variable.name() + "' stands among the instructions; declare it"
                                    + " delimited, datamarked or trusted, or move it to a user message")));
        }
    }

    private static void parameters(ChatPromptTemplate template, List<Hint> hints) {
        ModelParameters parameters = template.parameters();
        if (parameters.temperature().isPresent() && parameters.topP().isPresent()) {
            hints.add(new Hint(
                    Rule.CONTRADICTION,
                    "parameter 'topP'",
                    "temperature is set as well, and both narrow the same choice; set one"));
        }
        if (template.outputSchema().isPresent()) {
            parameters
                    .maxOutputTokens()
                    .filter(tokens -> tokens < FEW_TOKENS)
                    .ifPresent(tokens -> hints.add(new Hint(
                            Rule.CONTRADICTION,
                            "parameter 'maxOutputTokens'",
                            tokens + " tokens hardly hold JSON of the output schema; allow more")));
            parameters.stopSequences().stream()
                    .filter(stop -> IN_JSON.matcher(stop).find())
                    .findFirst()
                    .ifPresent(stop -> hints.add(new Hint(
                            Rule.CONTRADICTION,
                            "parameter 'stopSequences'",
                            "one of them may stand inside JSON and cut it short; remove it")));
        }
    }

    /** What kind of thing a hint is about. */
    public enum Rule {
        /** A variable or partial that nothing uses. */
        UNUSED,
        /** Foreign text or a list without a limit. */
        UNBOUNDED,
        /** Foreign text among instructions, without delimiters. */
        FOREIGN_TEXT_IN_SYSTEM,
        /** Messages that ask for JSON without a schema of it. */
        NO_OUTPUT_SCHEMA,
        /** Parameters that work against each other or the schema. */
        CONTRADICTION
    }

    /**
     * One thing to look at.
     *
     * @param rule what kind of thing
     * @param place where it is, such as {@code variable 'tone'}
     * @param message what is there, and what to do
     */
    public record Hint(Rule rule, String place, String message) {

        /** Checks the parts. */
        public Hint {
            Objects.requireNonNull(rule, "rule");
            Objects.requireNonNull(place, "place");
            Objects.requireNonNull(message, "message");
        }

        @Override
        public String toString() {
            return rule + ": " + place + ": " + message;
        }
    }
}
