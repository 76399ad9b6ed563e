package dev.llmlifecycle.core.reasoning;

import java.util.LinkedHashMap;
import java.util.Map;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.TokenUsage;
import dev.llmlifecycle.api.app.ReasoningStrategy;
import dev.llmlifecycle.api.monitoring.Step;

/** The calls of one question: counted, and ended by the budget. The first call is always made. */
final class BudgetedCalls {

    private static final int MOST_THOUGHT = 8_000;
    private static final int CHARACTERS_PER_TOKEN = 4;

    private final ReasoningStrategy.ModelCalls model;
    private final ReasoningSettings settings;
    private final String strategy;
    private final Map<String, String> attributes = new LinkedHashMap<>();
    private int calls;
    private long tokens;

    BudgetedCalls(ReasoningStrategy.ModelCalls model, ReasoningSettings settings, String strategy) {
        this.model = model;
        this.settings = settings;
        this.strategy = strategy;
    }

    /** Tells whether so many more calls may be made. */
    boolean allows(int more) {
        return calls + more <= settings.maxCalls() && (calls == 0 || tokens < settings.maxTokens());
    }

    int calls() {
        return calls;
    }

    ChatResponse think(ChatRequest request) {
        calls++;
        return spent(request, model.think(request));
    }

    /** Makes the last call, whose text the user sees. */
    ChatResponse answer(ChatRequest request) {
        calls++;
        return spent(request, model.answer(request));
    }

    /** Thinks, and takes the text apart; what the model returns as thinking is a thought too. */
    ExtractedAnswer thought(ChatRequest request) {
        return thought(request, "");
    }

    /** Thinks on behind a beginning that is known. */
    ExtractedAnswer thought(ChatRequest request, String beginning) {
        AiMessage message = think(request).aiMessage();
        String text = beginning + (message.text() == null ? "" : message.text());
        ExtractedAnswer extracted = settings.answers().extract(text);
        String thinking = message.thinking();
        if (settings.thoughts()) {
            Map<String, String> step = new LinkedHashMap<>();
            step.put("strategy", strategy);
            step.put("call", Integer.toString(calls));
            step.put("marked", Boolean.toString(extracted.marked()));
            if (thinking != null && !thinking.isBlank()) {
                step.put("thinking", cut(thinking));
            }
            if (!extracted.thoughts().isEmpty()) {
                step.put("thoughts", cut(extracted.thoughts()));
            }
            model.record("thought", step);
        }
        return extracted;
    }

    BudgetedCalls note(String name, Object value) {
        attributes.put(name, String.valueOf(value));
        return this;
    }

    void record(String type, Map<String, String> step) {
        model.record(type, step);
    }

    /** Writes what the strategy came to into the interaction. */
    String conclude(String answer) {
        attributes.put("strategy", strategy);
        attributes.put("calls", Integer.toString(calls));
        attributes.put("tokens", Long.toString(tokens));
        model.record(Step.REASONING, attributes);
        return answer;
    }

    static String cut(String text) {
        return text.length() <= MOST_THOUGHT ? text : text.substring(0, MOST_THOUGHT) + "…";
    }

    /** Counts tokens as the endpoint reports them, and one for four characters where it reports none. */
    private ChatResponse spent(ChatRequest request, ChatResponse response) {
        TokenUsage usage = response.tokenUsage();
        Integer total = usage == null ? null : usage.totalTokenCount();
        if (total != null && total >= 0) {
            tokens += total;
            return response;
        }
        long characters = 0;
        for (ChatMessage message : request.messages()) {
            characters += Prompts.text(message).length();
        }
        String text = response.aiMessage().text();
        characters += text == null ? 0 : text.length();
        tokens += 1 + characters / CHARACTERS_PER_TOKEN;
        return response;
    }
}
