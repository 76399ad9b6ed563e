package dev.llmlifecycle.core.langchain4j.internal;

import java.util.OptionalInt;

import dev.langchain4j.model.openai.OpenAiTokenUsage;
import dev.langchain4j.model.output.TokenUsage;

/**
 * How many input tokens of a call the provider had computed before, where it says so.
 *
 * <p>Told by OpenAI and by servers with its interface. Without {@code langchain4j-open-ai} on the class path nothing is
 * told. Thread-safe.
 *
 * @since 0.1
 */
public final class CachedTokens {

    private static final String OPEN_AI = "dev.langchain4j.model.openai.OpenAiTokenUsage";

    private CachedTokens() {}

    /**
     * Reads a usage.
     *
     * @param usage what a model reported
     * @return the cached input tokens, at least 0, or nothing where the usage does not say
     */
    public static OptionalInt of(TokenUsage usage) {
        // By name, so that the class is not looked for where it is not there.
        return usage.getClass().getName().equals(OPEN_AI) ? OpenAi.of(usage) : OptionalInt.empty();
    }

    /** Loaded only where there is such a usage. */
    private static final class OpenAi {

        static OptionalInt of(TokenUsage usage) {
            OpenAiTokenUsage.InputTokensDetails details = ((OpenAiTokenUsage) usage).inputTokensDetails();
            Integer cached = details == null ? null : details.cachedTokens();
            return cached == null ? OptionalInt.empty() : OptionalInt.of(Math.max(0, cached));
        }
    }
}
