package com.example.validators;

import dev.langchain4j.memory.chat.MessageWindowChatMemory;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.rag.content.retriever.ContentRetriever;
import dev.langchain4j.service.AiServices;
import dev.llmlifecycle.core.langchain4j.ValidatorOutputGuardrail;
import dev.llmlifecycle.core.validation.content.GroundednessValidator;

/** After: an answer that does not stand on the documents is asked for again, and never goes out. */
public final class GroundedAssistant {

    private GroundedAssistant() {}

    public static Assistant create(ChatModel model, ContentRetriever documents) {
        // docs:begin after
        return AiServices.builder(Assistant.class)
                .chatModel(model)
                .contentRetriever(documents)
                .chatMemory(MessageWindowChatMemory.withMaxMessages(20))
                .outputGuardrails(ValidatorOutputGuardrail.of(
                        GroundednessValidator.builder().threshold(0.2).build()))
                .build();
        // docs:end after
    }
}
