package dev.llmlifecycle.core.langchain4j;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.invocation.InvocationContext;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.llmlifecycle.api.data.Example;
import dev.llmlifecycle.api.data.ExampleSelector;
import dev.llmlifecycle.core.prompt.PromptRenderer;
import org.jspecify.annotations.Nullable;

/**
 * Shows the examples of a selector in LangChain4j's {@code AiServices}.
 *
 * <pre>{@code
 * FewShotExamples examples = FewShotExamples.of(selector);
 * Assistant assistant = AiServices.builder(Assistant.class)
 *         .chatModel(model)
 *         .chatRequestTransformer(examples.asMessages())
 *         .build();
 * }</pre>
 *
 * <p>Examples stand in the request alone and never get into the memory. When a service calls tools, each request of the
 * same question shows the same examples.
 *
 * <p>Thread-safe when the selector is.
 *
 * @since 0.1
 */
public final class FewShotExamples {

    private final ExampleSelector selector;

    private FewShotExamples(ExampleSelector selector) {
        this.selector = selector;
    }

    /**
     * Takes the examples of a selector.
     *
     * @param selector chooses them, such as {@link dev.llmlifecycle.core.examples.PooledExampleSelector}
     * @return the examples
     */
    public static FewShotExamples of(ExampleSelector selector) {
        return new FewShotExamples(Objects.requireNonNull(selector, "selector"));
    }

    /**
     * Gives {@code AiServices.chatRequestTransformer} the examples as exchanges of user and model before the
     * conversation, chosen for the text of the last user message. With retrieval that text holds the passages too;
     * {@link #asMessages(Function)} takes the question from elsewhere.
     *
     * @return the transformer; it leaves a request without a user's text as it is
     */
    public UnaryOperator<ChatRequest> asMessages() {
        return asMessages(FewShotExamples::lastUserText);
    }

    /**
     * Gives {@code AiServices.chatRequestTransformer} the examples as exchanges of user and model before the
     * conversation.
     *
     * @param question finds the question to choose examples for in a request; blank for none
     * @return the transformer
     */
    public UnaryOperator<ChatRequest> asMessages(Function<ChatRequest, String> question) {
        Objects.requireNonNull(question, "question");
        return request -> {
            String text = question.apply(request);
            List<Example> examples = text.isBlank() ? List.of() : selector.select(text);
            if (examples.isEmpty()) {
                return request;
            }
            List<ChatMessage> messages = new ArrayList<>(request.messages());
            int start = 0;
            while (start < messages.size() && messages.get(start) instanceof SystemMessage) {
                start++;
            }
            messages.addAll(
                    start,
                    examples.stream()
                            .flatMap(example -> PromptRenderer.messages(example).stream())
                            .toList());
            return request.toBuilder().messages(messages).build();
        };
    }

    /**
     * Gives {@code AiServices.systemMessageTransformer} the examples as text at the end of the system message, for
     * models and tasks that follow them better there.
     *
     * @param question finds the question to choose examples for in a call, such as among its arguments; blank for none
     * @return the transformer; without examples the system message stays as it is, also when there is none
     */
    public BiFunction<String, InvocationContext, String> asSystemText(Function<InvocationContext, String> question) {
        Objects.requireNonNull(question, "question");
        return (system, context) -> {
            String text = question.apply(context);
            List<Example> examples = text.isBlank() ? List.of() : selector.select(text);
            return examples.isEmpty() ? system : withText(system, examples);
        };
    }

    private static String withText(@Nullable String system, List<Example> examples) {
        String shown = examples.stream().map(FewShotExamples::text).collect(Collectors.joining("\n\n"));
        return Optional.ofNullable(system).map(text -> text + "\n\n").orElse("") + "Examples:\n\n" + shown;
    }

    private static String text(Example example) {
        List<ChatMessage> messages = PromptRenderer.messages(example);
        return "Question: " + ((UserMessage) messages.get(0)).singleText() + "\nAnswer: "
                + ((AiMessage) messages.get(1)).text();
    }

    private static String lastUserText(ChatRequest request) {
        for (int i = request.messages().size() - 1; i >= 0; i--) {
            if (request.messages().get(i) instanceof UserMessage user) {
                return user.contents().stream()
                        .filter(TextContent.class::isInstance)
                        .map(content -> ((TextContent) content).text())
                        .collect(Collectors.joining("\n"));
            }
        }
        return "";
    }
}
