package dev.llmlifecycle.retrieval.routing;

import java.util.List;

import dev.llmlifecycle.api.app.Route;

/** Routes as values that can be hashed. */
final class Targets {

    private Targets() {}

    static List<String> toCanonical(Route route) {
        if (route instanceof Route.ToPrompt to) {
            return List.of("prompt", to.prompt());
        }
        if (route instanceof Route.ToRetriever to) {
            return List.of("retriever", to.retriever());
        }
        if (route instanceof Route.ToModel to) {
            return List.of("model", to.tier());
        }
        if (route instanceof Route.ToTool to) {
            return List.of("tool", to.tool());
        }
        if (route instanceof Route.Canned canned) {
            return List.of("canned", canned.text());
        }
        if (route instanceof Route.HandOver handOver) {
            return List.of("hand-over", handOver.queue(), handOver.text());
        }
        if (route instanceof Route.Clarify clarify) {
            return List.of("clarify", clarify.text());
        }
        if (route instanceof Route.OutOfScope outOfScope) {
            return List.of("out-of-scope", outOfScope.text());
        }
        return List.of("main");
    }
}
