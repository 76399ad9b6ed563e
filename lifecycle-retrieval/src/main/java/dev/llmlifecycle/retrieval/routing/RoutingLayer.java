package dev.llmlifecycle.retrieval.routing;

/**
 * What decided about a question, in the order in which they are asked.
 *
 * @since 0.1
 */
public enum RoutingLayer {
    /** A condition on the question's attributes, tenant, language or anything else about it. */
    CONDITION,
    /** The whole question is a phrase that was given. */
    PHRASE,
    /** A regular expression is found in the question. */
    PATTERN,
    /** The examples of the routes, and the trained head where there is one. */
    EXAMPLES,
    /** The threshold of what is out of scope. */
    SCOPE,
    /** The chat model, asked because the examples were unsure. */
    MODEL,
    /** Nothing: the embedding model failed or was too slow. */
    UNAVAILABLE
}
