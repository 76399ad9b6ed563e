package com.example.prompts;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;

/** A model that answers as its system message says: long, unless it is told to use one sentence. */
final class ObedientModel implements ChatModel {

    @Override
    public ChatResponse doChat(ChatRequest request) {
        String system = ((SystemMessage) request.messages().get(0)).text();
        String answer = "A refund takes five days.";
        if (!system.contains("one sentence")) {
            answer += " First we check the parcel. Then we tell your bank. Then you wait.";
        }
        return ChatResponse.builder().aiMessage(AiMessage.from(answer)).build();
    }
}
