package dev.llmlifecycle.core.resilience;

import java.time.Duration;

import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;

/** Prepares a chat request for one attempt. */
final class Requests {

    private Requests() {}

    /** Returns how long a call may take: as long as the policy says, or to the deadline of the request. */
    static Duration allowed(ResiliencePolicy policy, ChatRequestOptions options) {
        Duration total = policy.totalTimeout();
        return Deadline.of(options)
                .map(deadline -> Duration.between(policy.clock().instant(), deadline.at()))
                .filter(left -> left.compareTo(total) < 0)
                .orElse(total);
    }

    /** Adds the time at which the attempt is given up. */
    static ChatRequestOptions within(ResiliencePolicy policy, Duration allowed, ChatRequestOptions options) {
        return Deadline.at(policy.clock().instant().plus(allowed)).addTo(options);
    }

    /** Leaves the model's name out of a request to another model than the one it was made for. */
    static ChatRequest forModel(Link<?> link, ChatRequest request) {
        if (link.first() || request.modelName() == null) {
            return request;
        }
        return ChatRequest.builder()
                .messages(request.messages())
                .parameters(DefaultChatRequestParameters.builder()
                        .overrideWith(request.parameters())
                        .modelName(null)
                        .build())
                .build();
    }
}
