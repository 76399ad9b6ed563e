package dev.llmlifecycle.core.prompt;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.Content;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.UserMessage;
import dev.llmlifecycle.api.data.Example;
import dev.llmlifecycle.api.prompt.ChatPromptTemplate;
import dev.llmlifecycle.api.prompt.PromptPart;

/**
 * Renders chat prompt templates to LangChain4j messages, strictly.
 *
 * <p>The texts are Mustache: {@code {{name}}} puts a value in, {@code {{#name}}…{{/name}}} shows a part when a boolean
 * is true or a text is not empty, repeats it for the items of a list or goes into an object,
 * {@code {{^name}}…{{/name}}} shows it when it is not or the list is empty, {@code {{> name}}} puts a partial of the
 * template in, {@code {{! …}}} is a comment. Inheritance and lambdas are refused. Nothing is escaped for HTML, and a
 * value is never rendered again, whatever it contains.
 *
 * <p>What users and tools said is foreign text: a value, and a user's message in the history, that holds a control
 * token of a model ({@code <|im_start|>}, {@code [INST]}) gets a zero-width space into it, unless its variable is
 * {@linkplain dev.llmlifecycle.api.prompt.PromptVariable#trusted() trusted}. {@code passages} is put in as it is, for
 * {@link PassageBlock} to write.
 *
 * <p>A placeholder that is not declared where it stands, a required variable without a value, a value that nobody
 * declared and a value of the wrong type or beyond its limits are errors that name prompt, message, line and variable.
 * Messages are counted from 1, placeholders for history and examples included.
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
     *     booleans, enums and times are values, collections are lists, maps with text keys and records are objects; a
     *     number or boolean may stand where a text is declared
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
        Map<String, Object> complete = PromptValues.complete(prompt, values);
        List<ChatMessage> messages = new ArrayList<>();
        for (int i = 0; i < template.parts().size(); i++) {
            if (template.parts().get(i) instanceof PromptPart.Message message) {
                messages.add(message(message.role(), prompt.text(i, complete)));
            } else if (template.parts().get(i) instanceof PromptPart.Placeholder placeholder) {
                switch (placeholder.content()) {
                    case HISTORY ->
                        history.stream()
                                .filter(message -> !(message instanceof SystemMessage))
                                .map(PromptRenderer::defused)
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

    private static void addExample(ChatPromptTemplate template, Example example, List<ChatMessage> messages) {
        if (example.expected().isEmpty() || example.expected().get(0).isBlank()) {
            throw new IllegalArgumentException("prompt '" + template.name() + "': the example '" + example.id()
                    + "' has no expected output to show; leave it out or give it one");
        }
        messages.add(UserMessage.from(example.input()));
        messages.add(AiMessage.from(example.expected().get(0)));
    }

    /** What users and tools said is foreign text, also when it comes from the memory. */
    private static ChatMessage defused(ChatMessage message) {
        if (message instanceof UserMessage user) {
            List<Content> contents = user.contents().stream()
                    .map(content -> content instanceof TextContent text
                            ? TextContent.from(ForeignText.defuse(text.text()))
                            : content)
                    .toList();
            return contents.equals(user.contents())
                    ? user
                    : user.toBuilder().contents(contents).build();
        }
        return message;
    }

    private static ChatMessage message(PromptPart.Role role, String text) {
        return switch (role) {
            case SYSTEM -> SystemMessage.from(text);
            case USER -> UserMessage.from(text);
            case ASSISTANT -> AiMessage.from(text);
        };
    }
}
