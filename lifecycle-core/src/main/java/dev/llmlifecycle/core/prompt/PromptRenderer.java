package dev.llmlifecycle.core.prompt;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.ReentrantLock;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.Content;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.json.JsonRawSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import dev.llmlifecycle.api.data.Example;
import dev.llmlifecycle.api.prompt.ChatPromptTemplate;
import dev.llmlifecycle.api.prompt.ModelParameters;
import dev.llmlifecycle.api.prompt.PromptPart;
import org.jspecify.annotations.Nullable;

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
 * <p>Thread-safe. It keeps up to {@value #CACHED_TEMPLATES} templates in compiled form.
 *
 * @since 0.1
 */
public final class PromptRenderer {

    private static final int CACHED_TEMPLATES = 256;
    private static final int RECENT_TEMPLATES = 64;
    /** What the protocol of OpenAI allows. */
    private static final int LONGEST_SCHEMA_NAME = 64;

    /**
     * What was rendered last, by the identity of the template: to hash its content takes a good part of a rendering.
     */
    private final AtomicReferenceArray<@Nullable Recent> recent = new AtomicReferenceArray<>(RECENT_TEMPLATES);

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
     *     that prompts do not have, or when the output schema is no JSON object
     */
    public static void check(ChatPromptTemplate template) {
        CompiledPrompt.compile(template);
    }

    /**
     * Returns what a template asks of the model beside its messages: its parameters, and its output schema as the
     * format of the answer. A model that knows no such format refuses the request or leaves the format out, as its
     * implementation says.
     *
     * @param template the template
     * @return parameters for a {@link dev.langchain4j.model.chat.request.ChatRequest}
     */
    public static ChatRequestParameters parameters(ChatPromptTemplate template) {
        ModelParameters given = template.parameters();
        DefaultChatRequestParameters.Builder<?> parameters = ChatRequestParameters.builder();
        given.temperature().ifPresent(parameters::temperature);
        given.topP().ifPresent(parameters::topP);
        given.maxOutputTokens().ifPresent(parameters::maxOutputTokens);
        if (!given.stopSequences().isEmpty()) {
            parameters.stopSequences(given.stopSequences());
        }
        template.outputSchema().ifPresent(schema -> parameters.responseFormat(format(template.name(), schema)));
        return parameters.build();
    }

    private static ResponseFormat format(String name, String schema) {
        return ResponseFormat.builder()
                .type(ResponseFormatType.JSON)
                .jsonSchema(JsonSchema.builder()
                        .name(name.substring(0, Math.min(name.length(), LONGEST_SCHEMA_NAME)))
                        .rootElement(JsonRawSchema.from(schema))
                        .build())
                .build();
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
                    case EXAMPLES -> examples.forEach(example -> messages.addAll(messages(template, example)));
                }
            }
        }
        return List.copyOf(messages);
    }

    /**
     * Renders a template within a budget, with as little left out as fits.
     *
     * @param template the template
     * @param values values by variable, as for {@link #render(ChatPromptTemplate, Map, List, List)}, but without
     *     {@code passages}
     * @param context passages, history and examples, of which the budget may leave some out
     * @param budget the budget; the output schema of the template counts too
     * @return the messages, what stands in them and what was left out
     * @throws IllegalArgumentException when template, values or examples do not fit, or a message comes out blank
     * @throws PromptTooLongException when the prompt is longer than the budget without all that may be left out
     */
    public FittedPrompt render(
            ChatPromptTemplate template, Map<String, ?> values, PromptContext context, PromptBudget budget) {
        if (values.containsKey(ChatPromptTemplate.PASSAGES)) {
            throw new IllegalArgumentException("prompt '" + template.name()
                    + "': passages are given as a value, which a budget cannot shorten; give them in the context");
        }
        return new PromptFitting(
                        compiled(Objects.requireNonNull(template, "template")),
                        Objects.requireNonNull(budget, "budget"),
                        Objects.requireNonNull(context, "context"),
                        kept -> {
                            Map<String, Object> complete = new HashMap<>(values);
                            complete.put(ChatPromptTemplate.PASSAGES, PassageBlock.write(kept.passages()));
                            return render(template, complete, kept.history(), kept.examples());
                        })
                .fit();
    }

    /**
     * Shows an example as a template does where its {@code examples()} stand: a user message, in which control tokens
     * of a model are defused, and the first expected output.
     *
     * @param example the example
     * @return the two messages
     * @throws IllegalArgumentException when the example has no expected output to show
     */
    public static List<ChatMessage> messages(Example example) {
        if (example.expected().isEmpty() || example.expected().get(0).isBlank()) {
            throw new IllegalArgumentException(
                    "the example '" + example.id() + "' has no expected output to show; leave it out or give it one");
        }
        return List.of(
                UserMessage.from(ForeignText.defuse(example.input())),
                AiMessage.from(example.expected().get(0)));
    }

    @SuppressWarnings("ReferenceEquality")
    private CompiledPrompt compiled(ChatPromptTemplate template) {
        int slot = System.identityHashCode(template) % RECENT_TEMPLATES;
        Recent last = recent.get(slot);
        if (last != null && last.template() == template) {
            return last.compiled();
        }
        CompiledPrompt found = compiledByContent(template);
        recent.set(slot, new Recent(template, found));
        return found;
    }

    private CompiledPrompt compiledByContent(ChatPromptTemplate template) {
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

    /** Shows an example as a question and its answer. Examples are often curated from what users wrote. */
    static List<ChatMessage> messages(ChatPromptTemplate template, Example example) {
        if (example.expected().isEmpty() || example.expected().get(0).isBlank()) {
            throw new IllegalArgumentException("prompt '" + template.name() + "': the example '" + example.id()
                    + "' has no expected output to show; leave it out or give it one");
        }
        return messages(example);
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

    private record Recent(ChatPromptTemplate template, CompiledPrompt compiled) {}
}
