package dev.llmlifecycle.core.prompt;

import java.util.List;

import dev.langchain4j.data.message.ChatMessage;
import dev.llmlifecycle.api.data.Example;
import dev.llmlifecycle.api.retrieval.Passage;

/**
 * What stands in a prompt beside its texts and values, and may be left out of it when it grows too long.
 *
 * <p>Immutable.
 *
 * @param passages what was retrieved, best first, which {@link PassageBlock} writes for {@code {{passages}}}
 * @param history the conversation so far, oldest message first
 * @param examples the examples, most useful first
 * @since 0.1
 */
public record PromptContext(List<Passage> passages, List<ChatMessage> history, List<Example> examples) {

    /** Copies. */
    public PromptContext {
        passages = List.copyOf(passages);
        history = List.copyOf(history);
        examples = List.copyOf(examples);
    }
}
