package com.example.prompts;

import java.nio.file.Path;
import java.util.Map;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.service.AiServices;
import dev.llmlifecycle.api.prompt.PromptRegistry;
import dev.llmlifecycle.api.release.ReleaseStore;
import dev.llmlifecycle.core.langchain4j.VersionedPrompt;
import dev.llmlifecycle.core.prompt.FilePromptRegistry;
import dev.llmlifecycle.core.release.FileReleaseStore;

/** After: the application asks for whatever the label {@code production} points to when it is called. */
public final class VersionedAssistant {

    private VersionedAssistant() {}

    public static Assistant create(ChatModel model, Path state) {
        // docs:begin after
        PromptRegistry prompts = FilePromptRegistry.builder(state.resolve("prompts")).build();
        ReleaseStore releases = FileReleaseStore.builder(state.resolve("releases")).build();
        VersionedPrompt prompt = VersionedPrompt.deployed("production", releases, prompts);

        return AiServices.builder(Assistant.class)
                .chatModel(model)
                .systemMessageTransformer(prompt.systemMessage(Map.of("shop", "Acme Shop")))
                .build();
        // docs:end after
    }
}
