package dev.llmlifecycle.core.reasoning;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.TokenUsage;
import dev.llmlifecycle.api.app.ReasoningStrategy;
import dev.llmlifecycle.api.monitoring.Step;
import org.jspecify.annotations.NullMarked;

/** A model that says one thing after the other, the last again and again, and keeps what it was asked. */
@NullMarked
final class ScriptedCalls implements ReasoningStrategy.ModelCalls {

    /** What was recorded. */
    record Recorded(String type, Map<String, String> attributes) {}

    static final ChatRequest REQUEST = ChatRequest.builder()
            .messages(SystemMessage.from("Be brief."), UserMessage.from("How many?"))
            .build();

    final List<ChatRequest> requests = new ArrayList<>();
    final List<String> purposes = new ArrayList<>();
    final List<Recorded> recorded = new ArrayList<>();
    private final Queue<AiMessage> script = new ArrayDeque<>();

    static ScriptedCalls saying(String... answers) {
        ScriptedCalls calls = new ScriptedCalls();
        for (String answer : answers) {
            calls.script.add(AiMessage.from(answer));
        }
        return calls;
    }

    ScriptedCalls then(AiMessage message) {
        script.add(message);
        return this;
    }

    @Override
    public ChatResponse think(ChatRequest request) {
        return call("think", request);
    }

    @Override
    public ChatResponse answer(ChatRequest request) {
        return call("answer", request);
    }

    @Override
    public void record(String type, Map<String, String> attributes) {
        recorded.add(new Recorded(type, Map.copyOf(attributes)));
    }

    private ChatResponse call(String purpose, ChatRequest request) {
        purposes.add(purpose);
        requests.add(request);
        AiMessage message = script.size() > 1 ? script.remove() : script.element();
        return ChatResponse.builder()
                .aiMessage(message)
                .tokenUsage(new TokenUsage(80, 20))
                .build();
    }

    Map<String, String> conclusion() {
        return recorded.get(recorded.size() - 1).attributes();
    }

    List<Map<String, String>> of(String type) {
        return recorded.stream()
                .filter(each -> each.type().equals(type))
                .map(Recorded::attributes)
                .toList();
    }

    List<Map<String, String>> steps() {
        return of(Step.REASONING_STEP);
    }

    String asked(int call) {
        return Prompts.question(requests.get(call));
    }
}
