package dev.llmlifecycle.core.resilience;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Set;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import org.jspecify.annotations.Nullable;

/** A chat model that fails and answers as it is told, and the last thing it was told again and again. */
final class ScriptedChatModel implements ChatModel {

    final List<ChatRequest> requests = new ArrayList<>();
    final List<ChatRequestOptions> options = new ArrayList<>();
    private final Deque<Object> script = new ArrayDeque<>();
    private final List<ChatModelListener> listeners = new ArrayList<>();

    static ScriptedChatModel answering(String text) {
        return new ScriptedChatModel().then(text);
    }

    static ScriptedChatModel failing(Throwable failure) {
        return new ScriptedChatModel().then(failure);
    }

    ScriptedChatModel then(String text) {
        return then(ChatResponse.builder()
                .aiMessage(AiMessage.from(text))
                .finishReason(FinishReason.STOP)
                .build());
    }

    ScriptedChatModel then(Object step) {
        script.add(step);
        return this;
    }

    ScriptedChatModel listener(ChatModelListener listener) {
        listeners.add(listener);
        return this;
    }

    int calls() {
        return requests.size();
    }

    @Override
    public ChatResponse chat(ChatRequest request, @Nullable ChatRequestOptions options) {
        this.options.add(Objects.requireNonNull(options, "options"));
        return ChatModel.super.chat(request, options);
    }

    @Override
    public ChatResponse doChat(ChatRequest request) {
        requests.add(request);
        Object step = script.size() == 1 ? script.getFirst() : script.removeFirst();
        if (step instanceof RuntimeException failure) {
            throw failure;
        }
        if (step instanceof Error failure) {
            throw failure;
        }
        return (ChatResponse) step;
    }

    @Override
    public List<ChatModelListener> listeners() {
        return listeners;
    }

    @Override
    public ModelProvider provider() {
        return ModelProvider.OPEN_AI;
    }

    @Override
    public ChatRequestParameters defaultRequestParameters() {
        return ChatRequestParameters.builder().temperature(0.25).build();
    }

    @Override
    public Set<Capability> supportedCapabilities() {
        return Set.of(Capability.RESPONSE_FORMAT_JSON_SCHEMA);
    }
}
