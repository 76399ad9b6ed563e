package dev.llmlifecycle.core.app;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.langchain4j.memory.ChatMemory;
import dev.langchain4j.memory.chat.MessageWindowChatMemory;
import org.jspecify.annotations.NullMarked;

/** LangChain4j's window memories by conversation id. */
@NullMarked
final class Memories {

    private final Map<String, ChatMemory> memories = new ConcurrentHashMap<>();

    ChatMemory memory(String id) {
        return memories.computeIfAbsent(id, key -> MessageWindowChatMemory.withMaxMessages(10));
    }
}
