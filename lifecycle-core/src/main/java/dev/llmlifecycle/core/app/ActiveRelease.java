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
        Optional<Router> router,
        Optional<QuestionRewriter> rewriter,
        Optional<ExampleSelector> examples,
        ReasoningStrategy reasoning,
        Optional<PromptBudget> budget,
        List<Validator> inputValidators,
        List<Validator> outputValidators,
        Abstention abstention) {

    /** Returns the prompt that a route leads to. */
    PromptVersion prompt(Route route) {
        String name = route instanceof Route.ToPrompt to ? to.prompt() : release.mainPrompt();
        PromptVersion prompt = prompts.get(name);
        if (prompt == null) {
            throw new LifecycleException("The router chose the prompt '" + name + "' that release " + hash.shortForm()
                    + " does not pin; pin it in the release or change the router");
        }
        return prompt;
    }

    /**
     * Returns what the release pins of a prompt of its own; to hash the prompt again costs more than an answer's way.
     */
    PinnedPrompt pin(PromptVersion prompt) {
        return Objects.requireNonNull(release.prompts().get(prompt.name()));
    }
}
