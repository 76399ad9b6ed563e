package dev.llmlifecycle.api.prompt;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

import dev.llmlifecycle.api.identity.Hash;

/**
 * A chat prompt: typed variables, messages with placeholders, an output schema and model parameters.
 *
 * <p>Immutable. The texts are Mustache templates; values are put in as they are, never rendered again.
 *
 * <pre>{@code
 * ChatPromptTemplate template = ChatPromptTemplate.builder("support-answer")
 *         .system("Answer from the passages only and cite them as [1], [2].\n{{passages}}")
 *         .history()
 *         .user("{{question}}")
 *         .build();
 * }</pre>
 *
 * @param name lower-case letters, digits and hyphens
 * @param variables the declared variables, beside {@code question} and {@code passages} that the application fills in
 * @param parts messages and placeholders in order, at least one message, each placeholder at most once
 * @param partials texts by name that messages put in with {@code {{> name}}}, which may use each other but not in a
 *     circle
 * @param outputSchema a JSON Schema of the answer, if it has one
 * @param parameters model parameters
 * @since 0.1
 */
public record ChatPromptTemplate(
        String name,
        List<PromptVariable> variables,
        List<PromptPart> parts,
        Map<String, String> partials,
        Optional<String> outputSchema,
        ModelParameters parameters) {

    /** The variable that the application fills with the user's question. */
    public static final String QUESTION = "question";

    /** The variable that the application fills with the numbered, delimited passages. */
    public static final String PASSAGES = "passages";

    private static final Pattern NAME = Pattern.compile("[a-z0-9]+(?:-[a-z0-9]+)*");

    /** Checks and copies. */
    public ChatPromptTemplate {
        if (!NAME.matcher(Objects.requireNonNull(name, "name")).matches()) {
            throw new IllegalArgumentException("the prompt name '" + name
                    + "' is not allowed; use lower-case letters, digits and single hyphens, such as 'support-answer'");
        }
        variables = List.copyOf(variables);
        parts = List.copyOf(parts);
        partials = Collections.unmodifiableMap(new TreeMap<>(Map.copyOf(partials)));
        for (String partial : partials.keySet()) {
            if (!NAME.matcher(partial).matches()) {
                throw new IllegalArgumentException("prompt '" + name + "' has a partial with the name '" + partial
                        + "', which is not allowed; use lower-case letters, digits and single hyphens");
            }
        }
        Objects.requireNonNull(outputSchema, "outputSchema");
        Objects.requireNonNull(parameters, "parameters");
        Set<String> names = new HashSet<>(Set.of(QUESTION, PASSAGES));
        for (PromptVariable variable : variables) {
            if (!names.add(variable.name())) {
                throw new IllegalArgumentException("prompt '" + name + "' declares the variable '" + variable.name()
                        + "' twice, or one that the application fills in itself; remove one");
            }
        }
        Set<PromptPart> placeholders = new HashSet<>();
        for (PromptPart part : parts) {
            if (part instanceof PromptPart.Placeholder placeholder && !placeholders.add(placeholder)) {
                throw new IllegalArgumentException(
                        "prompt '" + name + "' has the place for " + placeholder.content() + " twice; keep one");
            }
        }
        if (parts.stream().noneMatch(PromptPart.Message.class::isInstance)) {
            throw new IllegalArgumentException("prompt '" + name + "' has no message; add system(...) or user(...)");
        }
    }

    /**
     * Starts a template.
     *
     * @param name lower-case letters, digits and hyphens
     * @return a builder
     */
    public static Builder builder(String name) {
        return new Builder(name);
    }

    /**
     * Returns the hash over all of this template.
     *
     * @return equal on every JVM for equal content
     */
    public Hash hash() {
        return Hash.ofCanonicalJson(toCanonical());
    }

    /**
     * Returns this template as a canonical value.
     *
     * @return a map for {@link dev.llmlifecycle.api.identity.CanonicalJson}
     */
    public Map<String, Object> toCanonical() {
        Map<String, Object> canonical = new HashMap<>(Map.of(
                "type", "chat-prompt-template",
                "name", name,
                "variables", variables.stream().map(PromptVariable::toCanonical).toList(),
                "parts", parts.stream().map(PromptPart::toCanonical).toList(),
                "parameters", parameters.toCanonical()));
        if (!partials.isEmpty()) {
            canonical.put("partials", partials);
        }
        outputSchema.ifPresent(schema -> canonical.put("outputSchema", schema));
        return canonical;
    }

    /** Builds a {@link ChatPromptTemplate}. Not thread-safe. */
    public static final class Builder {

        private final String name;
        private final List<PromptVariable> variables = new ArrayList<>();
        private final List<PromptPart> parts = new ArrayList<>();
        private final Map<String, String> partials = new TreeMap<>();
        private Optional<String> outputSchema = Optional.empty();
        private ModelParameters parameters = ModelParameters.NONE;

        private Builder(String name) {
            this.name = Objects.requireNonNull(name, "name");
        }

        /**
         * Declares a variable. Default: only {@code question} and {@code passages} exist.
         *
         * @param variable the variable
         * @return this builder
         */
        public Builder variable(PromptVariable variable) {
            variables.add(Objects.requireNonNull(variable, "variable"));
            return this;
        }

        /**
         * Adds a system message.
         *
         * @param template its text
         * @return this builder
         */
        public Builder system(String template) {
            return part(new PromptPart.Message(PromptPart.Role.SYSTEM, template));
        }

        /**
         * Adds a user message.
         *
         * @param template its text
         * @return this builder
         */
        public Builder user(String template) {
            return part(new PromptPart.Message(PromptPart.Role.USER, template));
        }

        /**
         * Adds a message of the model.
         *
         * @param template its text
         * @return this builder
         */
        public Builder assistant(String template) {
            return part(new PromptPart.Message(PromptPart.Role.ASSISTANT, template));
        }

        /**
         * Adds the place where the conversation so far goes.
         *
         * @return this builder
         */
        public Builder history() {
            return part(new PromptPart.Placeholder(PromptPart.Content.HISTORY));
        }

        /**
         * Adds the place where the selected examples go.
         *
         * @return this builder
         */
        public Builder examples() {
            return part(new PromptPart.Placeholder(PromptPart.Content.EXAMPLES));
        }

        /**
         * Adds a part.
         *
         * @param part a message or placeholder
         * @return this builder
         */
        public Builder part(PromptPart part) {
            parts.add(Objects.requireNonNull(part, "part"));
            return this;
        }

        /**
         * Adds a text that messages put in with {@code {{> name}}}. Default: none.
         *
         * @param name lower-case letters, digits and hyphens
         * @param template its text, with variables like a message
         * @return this builder
         * @throws IllegalArgumentException when the name was added before
         */
        public Builder partial(String name, String template) {
            Objects.requireNonNull(template, "template");
            if (partials.putIfAbsent(Objects.requireNonNull(name, "name"), template) != null) {
                throw new IllegalArgumentException(
                        "prompt '" + this.name + "' has the partial '" + name + "' twice; keep one");
            }
            return this;
        }

        /**
         * Sets the JSON Schema of the answer. Default: free text.
         *
         * @param jsonSchema the schema as JSON
         * @return this builder
         */
        public Builder outputSchema(String jsonSchema) {
            this.outputSchema = Optional.of(jsonSchema);
            return this;
        }

        /**
         * Sets the model parameters. Default: {@link ModelParameters#NONE}.
         *
         * @param parameters the parameters
         * @return this builder
         */
        public Builder parameters(ModelParameters parameters) {
            this.parameters = Objects.requireNonNull(parameters, "parameters");
            return this;
        }

        /**
         * Builds the template.
         *
         * @return the template
         * @throws IllegalArgumentException for a bad name, a variable or placeholder that stands twice, or no message
         */
        public ChatPromptTemplate build() {
            return new ChatPromptTemplate(name, variables, parts, partials, outputSchema, parameters);
        }
    }
}
