package dev.llmlifecycle.core.app;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

import dev.llmlifecycle.api.LifecycleException;
import dev.llmlifecycle.api.app.QuestionRewriter;
import dev.llmlifecycle.api.app.ReasoningStrategy;
import dev.llmlifecycle.api.app.Route;
import dev.llmlifecycle.api.app.Router;
import dev.llmlifecycle.api.data.ExampleSelector;
import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.prompt.PinnedPrompt;
import dev.llmlifecycle.api.prompt.PromptVersion;
import dev.llmlifecycle.api.release.Release;
import dev.llmlifecycle.api.retrieval.Retriever;
import dev.llmlifecycle.api.validation.Validator;
import dev.llmlifecycle.core.prompt.PromptBudget;

/** A release with the parts it names, ready to answer. */
record ActiveRelease(
        Release release,
        Hash hash,
        Map<String, PromptVersion> prompts,
        ModelBinding model,
        Optional<Retriever> retriever,
        RouteTargets targets,
        Optional<Router> router,
        Optional<QuestionRewriter> rewriter,
        Optional<ExampleSelector> examples,
        ReasoningStrategy reasoning,
        Optional<PromptBudget> budget,
        List<Validator> inputValidators,
        Optional<Validator> passageValidator,
        List<Validator> outputValidators,
        Abstention abstention) {

    /** Returns a route if the release has what it leads to. */
    Route checked(Route route) {
        Optional<String> missing = missing(route);
        if (missing.isPresent()) {
            throw new LifecycleException(missing.get());
        }
        return route;
    }

    /** Says what is missing for the first of the router's routes that has no free way. */
    Optional<String> missing() {
        return router.stream()
                .flatMap(each -> each.routes().stream())
                .flatMap(route -> missing(route).stream())
                .findFirst();
    }

    private Optional<String> missing(Route route) {
        return targets.missing(route, hash.shortForm(), prompts);
    }

    /** Returns the prompt that a route leads to. */
    PromptVersion prompt(Route route) {
        return Objects.requireNonNull(
                prompts.get(route instanceof Route.ToPrompt to ? to.prompt() : release.mainPrompt()));
    }

    /** Returns the retriever that a route leads to, if there is any. */
    Optional<Retriever> retriever(Route route) {
        return route instanceof Route.ToRetriever to
                ? Optional.of(Objects.requireNonNull(targets.retrievers().get(to.retriever())))
                : retriever;
    }

    /** Returns the model that a route leads to. */
    ModelBinding model(Route route) {
        return route instanceof Route.ToModel to
                ? Objects.requireNonNull(targets.tiers().get(to.tier()))
                : model;
    }

    /**
     * Returns what the release pins of a prompt of its own; to hash the prompt again costs more than an answer's way.
     */
    PinnedPrompt pin(PromptVersion prompt) {
        return Objects.requireNonNull(release.prompts().get(prompt.name()));
    }
}
