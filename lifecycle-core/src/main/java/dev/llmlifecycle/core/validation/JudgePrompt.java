package dev.llmlifecycle.core.validation;

/**
 * Who puts the prompt of a safety judge together.
 *
 * @since 0.1
 */
public enum JudgePrompt {
    /**
     * The endpoint, by the model's own template, as Ollama, vLLM and llama.cpp do: it is sent the conversation alone.
     */
    BY_ENDPOINT,
    /**
     * This library: the whole prompt is sent as one message. For endpoints that hand messages on as they are, and for
     * models without a template of the judge.
     */
    IN_MESSAGE
}
