package dev.llmlifecycle.core.conversation;

import java.util.List;
import java.util.Optional;

import dev.langchain4j.data.message.ChatMessage;

/**
 * Shortens what falls out of a conversation's window to a summary.
 *
 * <p>Implementations must be thread-safe, and may block: they are called on the executor given with them, never while
 * an answer waits for it. One that fails costs the summary of those turns and nothing else.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface ConversationSummarizer {

    /**
     * Summarises.
     *
     * @param before the summary of what was said before, if there is one
     * @param older the turns that now fall out of the window, oldest first, never empty
     * @return the summary of both; blank for none
     */
    String summarize(Optional<String> before, List<ChatMessage> older);
}
