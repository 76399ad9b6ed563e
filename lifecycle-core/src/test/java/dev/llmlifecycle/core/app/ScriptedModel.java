package dev.llmlifecycle.core.app;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import dev.llmlifecycle.api.identity.Identity;
import org.jspecify.annotations.NullMarked;

/** A model that says what its test tells it to, the last thing again and again, and keeps what it was asked. */
@NullMarked
final class ScriptedModel implements ChatModel {

    static final Identity IDENTITY = Identity.of("scripted", "1");

    final List<ChatRequest> requests = new CopyOnWriteArrayList<>();
    private final Queue<Function<ChatRequest, ChatResponse>> script = new ArrayDeque<>();

    static ScriptedModel saying(String... answers) {
        ScriptedModel model = new ScriptedModel();
        for (String answer : answers) {
            model.then(request -> response(answer));
        }
        return model;
    }

    static ScriptedModel doing(Function<ChatRequest, ChatResponse> action) {
        return new ScriptedModel().then(action);
    }

    ScriptedModel then(Function<ChatRequest, ChatResponse> action) {
        script.add(action);
        return this;
    }

    static ChatResponse response(String answer) {
        return response(answer, FinishReason.STOP);
    }

    static ChatResponse response(String answer, FinishReason reason) {
        return ChatResponse.builder()
                .aiMessage(AiMessage.from(answer))
                .modelName("scripted-model")
                .tokenUsage(new TokenUsage(100, 20))
                .finishReason(reason)
                .build();
    }

    @Override
    public ChatResponse doChat(ChatRequest request) {
        Function<ChatRequest, ChatResponse> action;
        synchronized (script) {
            action = script.size() > 1 ? script.remove() : script.element();
        }
        requests.add(request);
        return action.apply(request);
    }

    /** Returns the texts of all messages of a request, in order. */
    static List<String> texts(ChatRequest request) {
        return request.messages().stream().map(ScriptedModel::text).toList();
    }

    private static String text(ChatMessage message) {
        if (message instanceof SystemMessage system) {
            return system.text();
        }
        return message instanceof UserMessage user ? user.singleText() : ((AiMessage) message).text();
    }
}
