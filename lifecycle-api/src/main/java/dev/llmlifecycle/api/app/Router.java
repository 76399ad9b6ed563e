package dev.llmlifecycle.api.app;

import java.util.List;

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

    /**
     * Returns the routes that this router can lead to, so that an application can refuse one that names a part it does
     * not have before the first question takes it.
     *
     * @return the routes as far as they are known; none by default, and then each is checked when it is taken
     */
    default List<Route> routes() {
        return List.of();
    }
}
