package dev.llmlifecycle.core.examples;

import java.util.stream.StreamSupport;

import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.model.TokenCountEstimator;

/** Counts ten tokens for whatever there is. */
final class TenForEach implements TokenCountEstimator {

    @Override
    public int estimateTokenCountInText(String text) {
        return 10;
    }

    @Override
    public int estimateTokenCountInMessage(ChatMessage message) {
        return 10;
    }

    @Override
    public int estimateTokenCountInMessages(Iterable<ChatMessage> messages) {
        return 10 * (int) StreamSupport.stream(messages.spliterator(), false).count();
    }
}
