package dev.llmlifecycle.core.app;

import java.util.ArrayList;
import java.util.List;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import dev.llmlifecycle.api.prompt.ModelParameters;

/** Makes model requests from rendered prompts. */
final class Requests {

    private Requests() {}

    static ChatRequest of(List<ChatMessage> messages, ModelParameters parameters) {
        return ChatRequest.builder()
                .messages(messages)
                .parameters(parameters(parameters))
                .build();
    }

    /** Asks again, with the refused answer and what is wrong with it. */
    static ChatRequest again(ChatRequest request, String refused, String instruction) {
        List<ChatMessage> messages = new ArrayList<>(request.messages());
        messages.add(AiMessage.from(refused));
        messages.add(UserMessage.from(instruction));
        return request.toBuilder().messages(messages).build();
    }

    private static ChatRequestParameters parameters(ModelParameters given) {
        DefaultChatRequestParameters.Builder<?> parameters = ChatRequestParameters.builder();
        given.temperature().ifPresent(parameters::temperature);
        given.topP().ifPresent(parameters::topP);
        given.maxOutputTokens().ifPresent(parameters::maxOutputTokens);
        if (!given.stopSequences().isEmpty()) {
            parameters.stopSequences(given.stopSequences());
        }
        return parameters.build();
    }
}
