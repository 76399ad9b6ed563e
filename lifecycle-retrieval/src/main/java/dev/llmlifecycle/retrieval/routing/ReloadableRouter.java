package dev.llmlifecycle.retrieval.routing;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

import dev.langchain4j.rag.content.retriever.ContentRetriever;
import dev.langchain4j.rag.query.router.QueryRouter;

/**
 * A place from which the present router is taken, and in which it is exchanged while others use it.
 *
 * <p>Take it once for each question, so that a question is routed and recorded by one router. An exchanged router has
 * another identity. A release names the router that it runs with, so within an application a reload is a new release:
 * build it with {@code get()} and promote it as any other; questions of the release before keep the router before.
 *
 * <p>Thread-safe. Questions never wait for a reload.
 *
 * @since 0.1
 */
public final class ReloadableRouter implements Supplier<IntentRouter> {

    private final AtomicLong turns = new AtomicLong();
    private final AtomicReference<Held> present;

    /** A router, and which of the exchanges brought it. */
    private record Held(IntentRouter router, long turn) {}

    /**
     * Creates the place.
     *
     * @param router the first router
     */
    public ReloadableRouter(IntentRouter router) {
        this.present = new AtomicReference<>(new Held(Objects.requireNonNull(router, "router"), 0));
    }

    /**
     * Returns the present router.
     *
     * @return the one that was given or exchanged last
     */
    @Override
    public IntentRouter get() {
        return Objects.requireNonNull(present.get(), "present").router();
    }

    /**
     * Exchanges the routes. Only examples that are new are embedded. When it fails, the present router stays.
     *
     * @param routes all routes from now on
     * @return whether the present router was exchanged for one that differs
     * @throws IllegalArgumentException when the routes are refused, as by {@link IntentRouter.Builder#build()}
     * @throws dev.llmlifecycle.api.LifecycleException when embedding fails
     */
    public boolean reload(List<IntentRoute> routes) {
        return exchange(router -> router.withRoutes(routes));
    }

    /**
     * Exchanges the router for another that is made of it. When that fails, the present router stays; of several at
     * once, that which began last holds.
     *
     * @param change makes the other, such as {@code router -> router.withModel(model, "v2")}
     * @return whether the present router was exchanged for one that differs
     */
    public boolean exchange(UnaryOperator<IntentRouter> change) {
        long turn = turns.incrementAndGet();
        IntentRouter next = Objects.requireNonNull(change.apply(get()), "the other router");
        Held before = present.getAndUpdate(held -> held.turn() < turn ? new Held(next, turn) : held);
        return before.turn() < turn && !next.identity().equals(before.router().identity());
    }

    /**
     * Returns a router of LangChain4j that follows each reload.
     *
     * @param retrievers as {@link IntentRouter#asQueryRouter} takes them
     * @return the query router
     * @throws IllegalArgumentException when there is an intent that the present router does not know
     */
    public QueryRouter asQueryRouter(Map<String, ? extends Collection<ContentRetriever>> retrievers) {
        return new IntentQueryRouter(this, retrievers);
    }
}
