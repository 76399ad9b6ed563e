package dev.llmlifecycle.core.app;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import org.jspecify.annotations.Nullable;

/** One model in the forms it was given in, at least one of them. */
record ModelBinding(@Nullable ChatModel chatModel, @Nullable StreamingChatModel streamingModel) {

    ModelBinding with(ChatModel model) {
        return new ModelBinding(model, streamingModel);
    }

    ModelBinding with(StreamingChatModel model) {
        return new ModelBinding(chatModel, model);
    }
}
