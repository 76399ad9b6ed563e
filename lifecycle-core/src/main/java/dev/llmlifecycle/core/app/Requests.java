package dev.llmlifecycle.core.app;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
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

    /** Returns the texts of all messages, for validators that compare an answer with its prompt. */
    static String text(ChatRequest request) {
        return request.messages().stream().map(Requests::text).collect(Collectors.joining("\n\n"));
    }

    private static String text(ChatMessage message) {
        if (message instanceof SystemMessage system) {
            return system.text();
        }
        if (message instanceof UserMessage user) {
            return user.contents().stream()
                    .filter(TextContent.class::isInstance)
                    .map(content -> ((TextContent) content).text())
                    .collect(Collectors.joining("\n"));
        }
        return message instanceof AiMessage answer && answer.text() != null ? answer.text() : "";
    }
}
