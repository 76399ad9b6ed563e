package dev.llmlifecycle.core.prompt;

import java.util.List;
import java.util.Objects;

import dev.langchain4j.data.message.ChatMessage;

/**
 * A rendered prompt that keeps to a {@link PromptBudget}.
 *
 * <p>Immutable.
 *
 * @param messages the messages in order
 * @param kept the passages, history and examples that stand in them; a citation {@code [2]} means the second of these
 *     passages
 * @param tokens the estimated tokens of the messages and the output schema
 * @param limit the most tokens they could have had
 * @param leftOut what was left out, in the order in which the budget leaves out; empty when all of it fitted
 * @since 0.1
 */
public record FittedPrompt(
        List<ChatMessage> messages, PromptContext kept, int tokens, int limit, List<LeftOut> leftOut) {

    /** Copies. */
    public FittedPrompt {
        messages = List.copyOf(messages);
        Objects.requireNonNull(kept, "kept");
        leftOut = List.copyOf(leftOut);
    }

    /**
     * What was left out of one kind.
     *
     * @param kind which kind
     * @param count how many exchanges, passages or examples
     * @param tokens how many tokens they were estimated at
     */
    public record LeftOut(PromptBudget.Kind kind, int count, int tokens) {

        /** Checks the kind. */
        public LeftOut {
            Objects.requireNonNull(kind, "kind");
        }
    }
}
