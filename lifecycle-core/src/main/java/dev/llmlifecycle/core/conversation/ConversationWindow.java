package dev.llmlifecycle.core.conversation;

import java.util.List;
import java.util.Objects;
import java.util.function.ToIntFunction;

import dev.langchain4j.model.TokenCountEstimator;

/**
 * How much of a conversation is kept word for word: the newest turns that fit.
 *
 * <p>A turn, which is a question with its answer, is kept whole or not at all, so what is kept always begins with a
 * question. A turn that is larger than the window is not kept, and nothing before it.
 *
 * <p>Thread-safe, as far as the estimator is.
 *
 * @since 0.1
 */
public final class ConversationWindow {

    private final int limit;
    private final ToIntFunction<Exchange> size;

    private ConversationWindow(int limit, ToIntFunction<Exchange> size) {
        this.limit = limit;
        this.size = size;
    }

    /**
     * Keeps a number of messages.
     *
     * @param maxMessages at least 2, since a turn has two
     * @return the window
     */
    public static ConversationWindow messages(int maxMessages) {
        return new ConversationWindow(
                atLeastTwo(maxMessages, "maxMessages"),
                exchange -> exchange.messages().size());
    }

    /**
     * Keeps a number of tokens.
     *
     * @param maxTokens at least 2
     * @param estimator counts them, such as the tokenizer of the model that answers
     * @return the window
     */
    public static ConversationWindow tokens(int maxTokens, TokenCountEstimator estimator) {
        Objects.requireNonNull(estimator, "estimator");
        return new ConversationWindow(
                atLeastTwo(maxTokens, "maxTokens"),
                exchange -> Math.max(0, estimator.estimateTokenCountInMessages(exchange.messages())));
    }

    /** Returns the newest exchanges that fit, in their order. */
    List<Exchange> newest(List<Exchange> exchanges) {
        int from = exchanges.size();
        long left = limit;
        while (from > 0) {
            left -= size.applyAsInt(exchanges.get(from - 1));
            if (left < 0) {
                break;
            }
            from--;
        }
        return exchanges.subList(from, exchanges.size());
    }

    private static int atLeastTwo(int value, String name) {
        if (value < 2) {
            throw new IllegalArgumentException(
                    name + " must be at least 2 but was " + value + "; a turn has a question and an answer");
        }
        return value;
    }
}
