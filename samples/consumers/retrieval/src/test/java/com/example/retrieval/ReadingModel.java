package com.example.retrieval;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;

/** A model that answers with the text that it was given with the question. */
final class ReadingModel implements ChatModel {

    private static final String INTRODUCTION = "Answer using the following information:\n";

    @Override
    public ChatResponse doChat(ChatRequest request) {
        String message = ((UserMessage) request.messages().get(request.messages().size() - 1)).singleText();
        String given = message.substring(message.indexOf(INTRODUCTION) + INTRODUCTION.length());
        return ChatResponse.builder().aiMessage(AiMessage.from(given)).build();
    }
}
