package dev.llmlifecycle.eval.junit;

import java.util.Set;

import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.llmlifecycle.api.identity.Identified;
import dev.llmlifecycle.api.identity.Identity;

/** A chat model whose calls a meter hears of; its listeners stay with the other model. */
record MeteredChatModel(Identity identity, ChatModel model, CallMeter meter) implements ChatModel, Identified {

    @Override
    public ChatResponse chat(ChatRequest request, ChatRequestOptions options) {
        meter.before();
        ChatResponse response = model.chat(request, options);
        meter.after(response.tokenUsage());
        return response;
    }

    @Override
    public ChatResponse doChat(ChatRequest request) {
        return chat(request, ChatRequestOptions.EMPTY);
    }

    @Override
    public ChatRequestParameters defaultRequestParameters() {
        return model.defaultRequestParameters();
    }

    @Override
    public ModelProvider provider() {
        return model.provider();
    }

    @Override
    public Set<Capability> supportedCapabilities() {
        return model.supportedCapabilities();
    }
}
