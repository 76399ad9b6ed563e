package dev.llmlifecycle.core.prompt;

import java.time.temporal.TemporalAccessor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.llmlifecycle.api.data.Example;
import dev.llmlifecycle.api.prompt.ChatPromptTemplate;
import dev.llmlifecycle.api.prompt.PromptPart;
import dev.llmlifecycle.api.prompt.PromptVariable;
import org.jspecify.annotations.Nullable;

/**
 * Renders chat prompt templates to LangChain4j messages, strictly.
 *
 * <p>The texts are Mustache: {@code {{name}}} puts a value in as it is, {@code {{#name}}…{{/name}}} shows a part when a
 * boolean is true or a text is not empty, {@code {{^name}}…{{/name}}} when it is not, {@code {{! …}}} is a comment.
 * Partials, inheritance and dotted names are refused. Nothing is escaped for HTML, and a value is never rendered again,
 * whatever it contains.
 *
 * <p>A placeholder that is not declared, a required variable without a value, a value that nobody declared and a value
 * of the wrong type are errors that name prompt, message, line and variable. Messages are counted from 1, placeholders
 * for history and examples included.
 *
 * <pre>{@code
 * List<ChatMessage> messages = new PromptRenderer()
 *         .render(template, Map.of("question", "How long does a refund take?"), history, examples);
 * }</pre>
 *
 * <p>Thread-safe. It keeps the {@value #CACHED_TEMPLATES} templates used last in compiled form.
 *
 * @since 0.1
 */
public final class PromptRenderer {

    private static final int CACHED_TEMPLATES = 256;

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<ChatPromptTemplate, CompiledPrompt> compiled = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<ChatPromptTemplate, CompiledPrompt> eldest) {
            return size() > CACHED_TEMPLATES;
        }
    };

    /** Creates a renderer. */
    public PromptRenderer() {}

    /**
     * Checks a template without values, so that its mistakes show when it is registered and not when a user asks.
     *
     * @param template the template
     * @throws IllegalArgumentException when a text is not valid Mustache, uses a name that is not declared or a feature
     *     that prompts do not have
     */
    public static void check(ChatPromptTemplate template) {
        CompiledPrompt.compile(template);
    }

    /**
     * Renders a template.
     *
     * @param template the template
     * @param values values by variable; {@code question} and {@code passages} may always be given. Texts, numbers,
     *     booleans, enums and times are values; a number or boolean may stand where a text is declared
     * @param history the conversation so far, put where the template says; its system messages are left out. Without
     *     such a place it is not used
     * @param examples the examples, put where the template says as a user message and the first expected output.
     *     Without such a place they are not used
     * @return the messages in order
     * @throws IllegalArgumentException when template, values or examples do not fit, or a message comes out blank
     */
    public List<ChatMessage> render(
            ChatPromptTemplate template, Map<String, ?> values, List<ChatMessage> history, List<Example> examples) {
        CompiledPrompt prompt = compiled(Objects.requireNonNull(template, "template"));
        Map<String, Object> complete = complete(prompt, values);
        List<ChatMessage> messages = new ArrayList<>();
        for (int i = 0; i < template.parts().size(); i++) {
            if (template.parts().get(i) instanceof PromptPart.Message message) {
                messages.add(message(message.role(), prompt.text(i, complete)));
            } else if (template.parts().get(i) instanceof PromptPart.Placeholder placeholder) {
                switch (placeholder.content()) {
                    case HISTORY ->
                        history.stream()
                                .filter(message -> !(message instanceof SystemMessage))
                                .forEach(messages::add);
                    case EXAMPLES -> examples.forEach(example -> addExample(template, example, messages));
                }
            }
        }
        return List.copyOf(messages);
    }

    private CompiledPrompt compiled(ChatPromptTemplate template) {
        lock.lock();
        try {
            CompiledPrompt known = compiled.get(template);
            if (known != null) {
                return known;
            }
        } finally {
            lock.unlock();
        }
        CompiledPrompt fresh = CompiledPrompt.compile(template);
        lock.lock();
        try {
            compiled.put(template, fresh);
        } finally {
            lock.unlock();
        }
        return fresh;
    }

    private static Map<String, Object> complete(CompiledPrompt prompt, Map<String, ?> values) {
        ChatPromptTemplate template = prompt.template();
        Map<String, Object> complete = new HashMap<>();
        for (PromptVariable variable : prompt.variables()) {
            Object value = values.get(variable.name());
            if (value != null) {
                complete.put(variable.name(), convert(prompt, variable, value));
            } else if (variable.defaultValue().isPresent()) {
                complete.put(
                        variable.name(),
                        parseDefault(variable, variable.defaultValue().orElseThrow()));
            } else if (!CompiledPrompt.isFilledIn(variable.name()) || prompt.uses(variable.name())) {
                throw new IllegalArgumentException(prompt.placeOf(variable.name()) + ": the variable '"
                        + variable.name() + "' has no value" + near(variable.name(), values, prompt)
                        + "; give it a value or declare a default");
            }
        }
        for (String name : values.keySet()) {
            if (prompt.variables().stream()
                    .noneMatch(variable -> variable.name().equals(name))) {
                throw new IllegalArgumentException("prompt '" + template.name() + "': the value '" + name
                        + "' belongs to no variable" + prompt.suggestion(name)
                        + "; leave it out or declare it with variable(...)");
            }
        }
        return complete;
    }

    private static String near(String missing, Map<String, ?> values, CompiledPrompt prompt) {
        List<String> strangers = values.keySet().stream()
                .filter(name -> prompt.variables().stream()
                        .noneMatch(variable -> variable.name().equals(name)))
                .toList();
        return NearestName.of(missing, strangers)
                .map(name -> " while '" + name + "' has one")
                .orElse("");
    }

    private static Object convert(CompiledPrompt prompt, PromptVariable variable, Object value) {
        Object converted = switch (variable.type()) {
            case TEXT -> asText(value);
            case NUMBER -> value instanceof Number ? value.toString() : null;
            case BOOLEAN -> value instanceof Boolean ? value : null;
        };
        if (converted == null) {
            throw new IllegalArgumentException(prompt.placeOf(variable.name()) + ": the variable '" + variable.name()
                    + "' is declared as " + variable.type() + " but was given a "
                    + value.getClass().getName() + "; convert the value or declare another type");
        }
        return converted;
    }

    private static @Nullable String asText(Object value) {
        boolean text = value instanceof CharSequence
                || value instanceof Number
                || value instanceof Boolean
                || value instanceof Character
                || value instanceof Enum<?>
                || value instanceof TemporalAccessor;
        return text ? value.toString() : null;
    }

    private static Object parseDefault(PromptVariable variable, String value) {
        return variable.type() == PromptVariable.Type.BOOLEAN ? (Object) Boolean.valueOf(value) : value;
    }

    private static void addExample(ChatPromptTemplate template, Example example, List<ChatMessage> messages) {
        if (example.expected().isEmpty() || example.expected().get(0).isBlank()) {
            throw new IllegalArgumentException("prompt '" + template.name() + "': the example '" + example.id()
                    + "' has no expected output to show; leave it out or give it one");
        }
        messages.add(UserMessage.from(example.input()));
        messages.add(AiMessage.from(example.expected().get(0)));
    }

    private static ChatMessage message(PromptPart.Role role, String text) {
        return switch (role) {
            case SYSTEM -> SystemMessage.from(text);
            case USER -> UserMessage.from(text);
            case ASSISTANT -> AiMessage.from(text);
        };
    }
}
