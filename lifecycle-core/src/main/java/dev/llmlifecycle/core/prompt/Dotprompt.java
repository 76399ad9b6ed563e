package dev.llmlifecycle.core.prompt;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

import dev.llmlifecycle.api.prompt.ChatPromptTemplate;

/**
 * What a Dotprompt file says: a template, and what has no place in one.
 *
 * <p>Immutable.
 *
 * @param template the template
 * @param model the model that the file names; a release names the model here
 * @param unused the keys of the front matter that were not used, such as {@code config.topK} or {@code tools}
 * @since 0.1
 */
public record Dotprompt(ChatPromptTemplate template, Optional<String> model, List<String> unused) {

    /** Checks and copies. */
    public Dotprompt {
        Objects.requireNonNull(template, "template");
        Objects.requireNonNull(model, "model");
        unused = List.copyOf(unused);
    }
}
