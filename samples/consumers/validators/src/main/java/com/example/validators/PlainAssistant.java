package com.example.validators;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.rag.content.retriever.ContentRetriever;
import dev.langchain4j.service.AiServices;

/** Before: what the model says goes out, whatever the documents say. */
public final class PlainAssistant {

    private PlainAssistant() {}

    public static Assistant create(ChatModel model, ContentRetriever documents) {
        // docs:begin before
        return AiServices.builder(Assistant.class)
                .chatModel(model)
                .contentRetriever(documents)
                .build();
        // docs:end before
    }
}
