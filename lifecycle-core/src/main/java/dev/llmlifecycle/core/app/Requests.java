package dev.llmlifecycle.core.app;

import java.util.ArrayList;
import java.util.List;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;

/** Makes model requests from rendered prompts. */
final class Requests {

    private Requests() {}

    /** Asks again, with the refused answer and what is wrong with it. */
    static ChatRequest again(ChatRequest request, String refused, String instruction) {
        List<ChatMessage> messages = new ArrayList<>(request.messages());
        messages.add(AiMessage.from(refused));
        messages.add(UserMessage.from(instruction));
        return request.toBuilder().messages(messages).build();
    }
}
