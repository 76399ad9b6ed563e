package com.example.validators;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;

/** A model that makes a number up so many times, and then reads the documents. */
final class ForgetfulModel implements ChatModel {

    private int mistakes;

    ForgetfulModel(int mistakes) {
        this.mistakes = mistakes;
    }

    @Override
    public ChatResponse doChat(ChatRequest request) {
        String answer = mistakes-- > 0 ? "You can return it within 90 days." : "You can return it within 30 days.";
        return ChatResponse.builder().aiMessage(AiMessage.from(answer)).build();
    }
}
