package dev.llmlifecycle.core.langchain4j;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;

/** A model that says what a test wants, one text after the other, and keeps what it was asked. */
final class Scripted implements ChatModel {

    final List<List<ChatMessage>> asked = new ArrayList<>();
    private final Queue<String> answers;

    Scripted(String... answers) {
        this.answers = new ArrayDeque<>(List.of(answers));
    }

    @Override
    public ChatResponse doChat(ChatRequest request) {
        asked.add(List.copyOf(request.messages()));
        return ChatResponse.builder()
                .aiMessage(AiMessage.from(answers.remove()))
                .build();
    }

    /** Returns the system message of a request. */
    String system(int request) {
        return ((SystemMessage) asked.get(request).get(0)).text();
    }
}
