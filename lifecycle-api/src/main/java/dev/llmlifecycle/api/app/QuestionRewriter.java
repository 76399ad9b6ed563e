package dev.llmlifecycle.api.app;

import java.util.List;

import dev.langchain4j.data.message.ChatMessage;
import dev.llmlifecycle.api.identity.Identified;

/**
 * Tells how a question of a conversation goes on with it, and makes a follow-up stand alone: "and for business
 * customers?" becomes a question that can be retrieved for.
 *
 * <p>Implementations must be thread-safe, and may block.
 *
 * @since 0.1
 */
public interface QuestionRewriter extends Identified {

    /**
     * Looks at a question.
     *
     * @param question the question as the user wrote it
     * @param history the conversation before it, oldest first, without system messages; empty at its start
     * @return what the question is
     */
    Rewriting rewrite(Question question, List<ChatMessage> history);
}
