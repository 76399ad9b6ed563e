package dev.llmlifecycle.retrieval.routing;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

import dev.llmlifecycle.api.app.Route;
import dev.llmlifecycle.api.identity.Identity;

/**
 * Where a question goes, and why.
 *
 * <p>Immutable. It quotes the question and examples, so it goes where those may go.
 *
 * @param whole what was decided about the question as a whole
 * @param intents the intents of its parts, in the order of the text, where it has several; else {@code whole} alone
 * @param router the router that decided
 * @since 0.1
 */
public record RoutingDecision(RoutedIntent whole, List<RoutedIntent> intents, Identity router) {

    /** Copies. */
    public RoutingDecision {
        Objects.requireNonNull(whole, "whole");
        Objects.requireNonNull(router, "router");
        intents = List.copyOf(intents);
        if (intents.isEmpty()) {
            throw new IllegalArgumentException("a routing decision has no intents; give at least that of the whole");
        }
    }

    /**
     * Returns where the question goes as a whole.
     *
     * @return the route of {@link #whole()}
     */
    public Route route() {
        return whole.route();
    }

    /**
     * Returns the intent of the question as a whole.
     *
     * @return an intent or a group of intents; nothing when the question is out of scope or has to be asked back
     */
    public Optional<String> intent() {
        return whole.intent();
    }
}
