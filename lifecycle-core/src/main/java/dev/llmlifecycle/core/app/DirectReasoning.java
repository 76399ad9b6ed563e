package dev.llmlifecycle.core.app;

import dev.langchain4j.model.chat.request.ChatRequest;
import dev.llmlifecycle.api.app.ReasoningStrategy;
import dev.llmlifecycle.api.identity.Identity;

/** One call of the model, whose text is the answer. */
final class DirectReasoning implements ReasoningStrategy {

    private static final Identity IDENTITY = Identity.of("direct", "1");

    @Override
    public String reason(ChatRequest request, ModelCalls model) {
        String text = model.answer(request).aiMessage().text();
        return text == null ? "" : text;
    }

    @Override
    public Identity identity() {
        return IDENTITY;
    }
}
