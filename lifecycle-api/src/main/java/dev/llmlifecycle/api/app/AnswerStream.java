package dev.llmlifecycle.api.app;

import java.util.concurrent.CompletableFuture;

/**
 * An answer on its way.
 *
 * <p>Thread-safe.
 *
 * @since 0.1
 */
public interface AnswerStream {

    /**
     * Stops the answer: no event follows but the completion, and the model call is given up.
     *
     * <p>The answer then has the outcome {@link Outcome.Failed} and its interaction the outcome {@code cancelled}. Has
     * no effect after the end.
     */
    void cancel();

    /**
     * Returns the future of the answer.
     *
     * @return a future that is completed normally, whatever the outcome; completing it from outside changes nothing
     */
    CompletableFuture<Answer> completion();
}
