package dev.llmlifecycle.core.conversation;

import java.util.List;
import java.util.OptionalInt;

import dev.langchain4j.data.message.ChatMessage;

/**
 * One turn of a conversation: what was said before it, and the way to add what is said now.
 *
 * <p>Not thread-safe.
 *
 * @since 0.1
 */
public interface ConversationSession {

    /**
     * Returns which turn this is.
     *
     * @return counted from 1 over the turns that were remembered, or nothing where nobody counts
     */
    OptionalInt turn();

    /**
     * Returns what was said and is still kept, after a summary of what was said before that, if there is one.
     *
     * @return oldest first, without system messages
     */
    List<ChatMessage> history();

    /**
     * Returns the part of the history since the topic was last changed.
     *
     * @return oldest first
     */
    List<ChatMessage> topic();

    /**
     * Adds this turn.
     *
     * @param question what was asked, in words that stand alone
     * @param answer what the user was given
     * @param newTopic whether the question has changed the topic
     * @return false when the conversation was erased while this turn was under way; nothing is kept then
     */
    boolean remember(String question, String answer, boolean newTopic);
}
