package dev.llmlifecycle.api.app;

import dev.llmlifecycle.api.identity.Identified;

/**
 * Decides, inside a release, which way a question takes.
 *
 * <p>Implementations must be thread-safe, and may block.
 *
 * @since 0.1
 */
public interface Router extends Identified {

    /**
     * Routes a question.
     *
     * @param question the question; its text stands alone and has passed the input validators
     * @return the route
     */
    Route route(Question question);
}
