package dev.llmlifecycle.core.resilience;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.llmlifecycle.api.LifecycleException;

/** A response came that has no text, calls no tool and gives no reason for it. */
final class EmptyAnswerException extends LifecycleException {

    private static final long serialVersionUID = 1L;

    EmptyAnswerException() {
        super("Reading an answer found neither text nor a tool call nor a reason to finish; look at what the endpoint"
                + " sends");
    }

    static boolean isEmpty(ChatResponse response) {
        AiMessage message = response.aiMessage();
        return message.text() == null && !message.hasToolExecutionRequests() && response.finishReason() == null;
    }
}
