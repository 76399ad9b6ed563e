package dev.llmlifecycle.samples.chatbot;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

import dev.llmlifecycle.api.app.QuestionRewriter;
import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.prompt.PromptVersion;
import dev.llmlifecycle.api.release.Release;
import dev.llmlifecycle.api.retrieval.ContextCache;
import dev.llmlifecycle.api.retrieval.Retriever;
import dev.llmlifecycle.core.app.LlmApp;
import dev.llmlifecycle.core.validation.business.BusinessRules;
import dev.llmlifecycle.core.validation.content.GroundednessValidator;

/** What every application of the sample is built from; the prompt is what differs. */
record Parts(
        AnsweringModel model,
        QuestionRewriter rewriter,
        Retriever retriever,
        ContextCache cache,
        Optional<BusinessRules> rules,
        Duration timeout) {

    /** Starts an application of these parts. */
    LlmApp.Builder app() {
        return withoutRewriter().rewriter(rewriter);
    }

    /** Starts an application that takes every question of a conversation as it is. */
    LlmApp.Builder withoutRewriter() {
        LlmApp.Builder app = LlmApp.builder()
                .model(model.identity(), model.chatModel())
                .retriever(retriever)
                .contextCache(cache)
                .outputValidator(GroundednessValidator.builder().build())
                .timeout(timeout);
        rules.ifPresent(app::outputValidator);
        model.streaming().ifPresent(streaming -> app.streamingModel(model.identity(), streaming));
        return app;
    }

    /** Returns the release of these parts with a prompt. */
    Release release(PromptVersion prompt) {
        try (LlmApp app = app().prompt(prompt).build()) {
            return app.release();
        }
    }

    /** Names these parts, whatever the prompt: the same for the same models, retriever, corpus and validators. */
    String configurationId() {
        try (LlmApp app = app().build()) {
            Release release = app.release();
            Hash hash = Hash.ofCanonicalJson(Map.of(
                    "model", release.model().toCanonical(),
                    "parts", release.toCanonical().get("parts"),
                    "corpusId", retriever.corpusId(),
                    "outputValidators", release.toCanonical().get("outputValidators")));
            return model.name().replaceAll("[^A-Za-z0-9._-]", "-") + "-"
                    + hash.shortForm().substring(0, 8);
        }
    }
}
