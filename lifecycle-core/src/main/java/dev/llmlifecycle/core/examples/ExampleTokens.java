package dev.llmlifecycle.core.examples;

import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.model.TokenCountEstimator;
import dev.llmlifecycle.api.data.Example;
import dev.llmlifecycle.api.identity.Identity;
import dev.llmlifecycle.core.prompt.PromptRenderer;

/**
 * Counts what an example takes as the renderer shows it.
 *
 * @param identity of the estimator
 * @param estimator counts
 */
record ExampleTokens(Identity identity, TokenCountEstimator estimator) {

    int of(Example example) {
        int tokens = 0;
        for (ChatMessage message : PromptRenderer.messages(example)) {
            tokens = Math.addExact(tokens, Math.max(0, estimator.estimateTokenCountInMessage(message)));
        }
        return tokens;
    }
}
