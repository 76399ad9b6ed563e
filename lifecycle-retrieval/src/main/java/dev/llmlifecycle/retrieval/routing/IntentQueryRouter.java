package dev.llmlifecycle.retrieval.routing;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

import dev.langchain4j.rag.content.retriever.ContentRetriever;
import dev.langchain4j.rag.query.Query;
import dev.langchain4j.rag.query.router.QueryRouter;
import dev.llmlifecycle.api.app.Question;
import dev.llmlifecycle.api.app.Route;

/** Sends a query to the retrievers of its intents. */
final class IntentQueryRouter implements QueryRouter {

    private final Supplier<IntentRouter> router;
    private final Map<String, List<ContentRetriever>> retrievers = new TreeMap<>();

    IntentQueryRouter(Supplier<IntentRouter> router, Map<String, ? extends Collection<ContentRetriever>> retrievers) {
        this.router = router;
        retrievers.forEach((intent, those) -> this.retrievers.put(intent, List.copyOf(those)));
        Set<String> unknown = new LinkedHashSet<>(this.retrievers.keySet());
        unknown.removeIf(router.get()::knows);
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("there are retrievers for the intents " + unknown
                    + " that the router does not know; name intents or groups of "
                    + router.get().intents());
        }
    }

    @Override
    public Collection<ContentRetriever> route(Query query) {
        if (query.text().isBlank()) {
            return List.of();
        }
        RoutingDecision decision = router.get().decide(Question.of(query.text()));
        Set<ContentRetriever> chosen = new LinkedHashSet<>();
        for (RoutedIntent each : decision.intents()) {
            if (each.intent().isPresent()) {
                chosen.addAll(of(each.intent().get()));
            } else if (each.route() instanceof Route.Clarify) {
                // Nobody can be asked here, so both are searched.
                each.ranking().stream().limit(2).forEach(likely -> chosen.addAll(of(likely.label())));
            }
        }
        return List.copyOf(chosen);
    }

    /** Returns the retrievers of an intent, or of the group that it is in. */
    private List<ContentRetriever> of(String intent) {
        for (String name = intent; !name.isEmpty(); name = Groups.parent(name)) {
            List<ContentRetriever> found = retrievers.get(name);
            if (found != null) {
                return found;
            }
        }
        return List.of();
    }
}
