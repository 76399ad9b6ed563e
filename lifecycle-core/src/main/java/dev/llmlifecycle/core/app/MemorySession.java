package dev.llmlifecycle.core.app;

import java.util.List;
import java.util.OptionalInt;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.memory.ChatMemory;
import dev.llmlifecycle.core.conversation.ConversationSession;

/** One turn on a host's LangChain4j memory, which counts no turns and knows no topics. */
record MemorySession(ChatMemory memory, List<ChatMessage> history) implements ConversationSession {

    static MemorySession of(ChatMemory memory) {
        return new MemorySession(
                memory,
                memory.messages().stream()
                        .filter(message -> !(message instanceof SystemMessage))
                        .toList());
    }

    @Override
    public OptionalInt turn() {
        return OptionalInt.empty();
    }

    @Override
    public List<ChatMessage> topic() {
        return history;
    }

    @Override
    public boolean remember(String question, String answer, boolean newTopic) {
        memory.add(UserMessage.from(question), AiMessage.from(answer));
        return true;
    }
}
