package dev.llmlifecycle.core.conversation;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.llmlifecycle.core.resilience.Deadline;

/** Calls a model for a short text, with a deadline. */
record BoundedCalls(ChatModel model, Duration timeout, int maxOutputTokens, Clock clock) {

    static Duration requirePositive(Duration timeout) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("the timeout must be positive but was " + timeout + "; 10 s is usual");
        }
        return timeout;
    }

    /** Returns what the model said, blank where it said nothing. */
    String ask(String instruction, String text, Optional<Instant> deadline) {
        ChatRequest request = ChatRequest.builder()
                .messages(SystemMessage.from(instruction), UserMessage.from(text))
                .temperature(0.0)
                .maxOutputTokens(maxOutputTokens)
                .build();
        ChatRequestOptions options = Deadline.at(clock.instant().plus(timeout)).addTo(ChatRequestOptions.EMPTY);
        for (Instant earlier : deadline.stream().toList()) {
            options = Deadline.at(earlier).addTo(options);
        }
        String said = model.chat(request, options).aiMessage().text();
        return said == null ? "" : said.strip();
    }
}
