package dev.llmlifecycle.api.app;

import java.util.List;

import dev.langchain4j.data.message.ChatMessage;
import dev.llmlifecycle.api.identity.Identified;

/**
 * Makes a follow-up stand alone: "and for business customers?" becomes a question that can be retrieved for.
 *
 * <p>Implementations must be thread-safe, and may block.
 *
 * @since 0.1
 */
public interface QuestionRewriter extends Identified {

    /**
     * Rewrites a question.
     *
     * @param question the question as the user wrote it
     * @param history the conversation before it, oldest first, never empty
     * @return the question that stands alone; the same text where it already does
     */
    String rewrite(Question question, List<ChatMessage> history);
}
