package dev.llmlifecycle.core.app;

import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

import dev.llmlifecycle.api.app.QuestionTool;
import dev.llmlifecycle.api.app.Route;
import dev.llmlifecycle.api.retrieval.Retriever;

/** What the routes of a release lead to by name. */
record RouteTargets(
        Map<String, Retriever> retrievers, Map<String, ModelBinding> tiers, Map<String, QuestionTool> tools) {

    RouteTargets {
        retrievers = Map.copyOf(retrievers);
        tiers = Map.copyOf(tiers);
        tools = Map.copyOf(tools);
    }

    /** Says what is missing for a route, and nothing when the way is free. */
    Optional<String> missing(Route route, String release, Map<String, ?> prompts) {
        if (route instanceof Route.ToPrompt to && !prompts.containsKey(to.prompt())) {
            return Optional.of("The router chose the prompt '" + to.prompt() + "' that release " + release
                    + " does not pin; pin it in the release or change the router");
        }
        if (route instanceof Route.ToRetriever to && !retrievers.containsKey(to.retriever())) {
            return Optional.of(missing("retriever", to.retriever(), release, retrievers));
        }
        if (route instanceof Route.ToModel to && !tiers.containsKey(to.tier())) {
            return Optional.of(missing("model tier", to.tier(), release, tiers));
        }
        if (route instanceof Route.ToTool to && !tools.containsKey(to.tool())) {
            return Optional.of(missing("tool", to.tool(), release, tools));
        }
        return Optional.empty();
    }

    private static String missing(String what, String name, String release, Map<String, ?> known) {
        return "The router chose the " + what + " '" + name + "' that release " + release + " does not have, among "
                + new TreeSet<>(known.keySet())
                + "; give the application a part of that name or change the router";
    }
}
