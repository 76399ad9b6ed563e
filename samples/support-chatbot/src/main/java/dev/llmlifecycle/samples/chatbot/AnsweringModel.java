package dev.llmlifecycle.samples.chatbot;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.core.extractive.ExtractiveChatModel;

/** The model that answers, with what it says of itself. */
record AnsweringModel(
        Identity identity, ChatModel chatModel, Optional<StreamingChatModel> streaming, String name, String says) {

    private static final int MAX_SENTENCES = 3;

    /** The embedded model, which quotes. */
    static AnsweringModel embedded(Embedder embedder) {
        ExtractiveChatModel model = ExtractiveChatModel.builder(embedder.model(), embedder.identity())
                .maxSentences(MAX_SENTENCES)
                .build();
        return new AnsweringModel(
                model.identity(),
                model,
                Optional.empty(),
                "extractive",
                "I am an embedded extractive model: I quote sentences of the documents and write none of my own."
                        + " Set " + Endpoint.KEY + " or " + Endpoint.BASE_URL + " for a language model.");
    }

    /** A model behind an endpoint; every call ends at the timeout. */
    static AnsweringModel at(Endpoint endpoint, Duration timeout) {
        return new AnsweringModel(
                Identity.of(endpoint.model(), "openai", Map.of("baseUrl", endpoint.baseUrl())),
                OpenAiChatModel.builder()
                        .baseUrl(endpoint.baseUrl())
                        .apiKey(endpoint.apiKey())
                        .modelName(endpoint.model())
                        .timeout(timeout)
                        .maxRetries(0) // LangChain4j's retries know no deadline
                        .build(),
                Optional.of(OpenAiStreamingChatModel.builder()
                        .baseUrl(endpoint.baseUrl())
                        .apiKey(endpoint.apiKey())
                        .modelName(endpoint.model())
                        .timeout(timeout)
                        .build()),
                endpoint.model(),
                "Answers are written by " + endpoint + "; check them against their sources.");
    }
}
