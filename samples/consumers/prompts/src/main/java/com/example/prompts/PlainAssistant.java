package com.example.prompts;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.service.AiServices;

/** Before: the prompt is a constant, and a change of it is a deployment of the application. */
public final class PlainAssistant {

    private PlainAssistant() {}

    public static Assistant create(ChatModel model) {
        // docs:begin before
        return AiServices.builder(Assistant.class)
                .chatModel(model)
                .systemMessage("You help customers of Acme Shop. Answer in one sentence.")
                .build();
        // docs:end before
    }
}
