package dev.llmlifecycle.core.reasoning;

import java.util.Map;

import dev.langchain4j.model.chat.request.ChatRequest;
import dev.llmlifecycle.api.app.ReasoningStrategy;
import dev.llmlifecycle.api.identity.Identity;

/** A way of thinking under settings; where the host asked for JSON the model is asked once, for nothing else. */
final class Strategy implements ReasoningStrategy {

    private final ReasoningSettings settings;
    private final Way way;
    private final Identity identity;

    /** How a strategy thinks. */
    @FunctionalInterface
    interface Way {
        String answer(ChatRequest request, BudgetedCalls calls);
    }

    Strategy(String name, ReasoningSettings settings, Map<String, Object> configuration, Way way) {
        this.settings = settings;
        this.way = way;
        this.identity = Identity.of(name, "1", settings.canonical(configuration));
    }

    @Override
    public String reason(ChatRequest request, ModelCalls model) {
        BudgetedCalls calls = new BudgetedCalls(model, settings, identity.name());
        if (Prompts.isStructured(request)) {
            String text = calls.answer(request).aiMessage().text();
            return calls.note("directFor", "response-format").conclude(text == null ? "" : text);
        }
        return way.answer(request, calls);
    }

    @Override
    public Identity identity() {
        return identity;
    }
}
