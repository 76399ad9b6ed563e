package dev.llmlifecycle.core.prompt;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

import dev.llmlifecycle.api.LifecycleException;

/**
 * A prompt is longer than its budget, even without all that may be left out.
 *
 * @since 0.1
 */
public final class PromptTooLongException extends LifecycleException {

    private static final long serialVersionUID = 1L;

    private final int tokens;
    private final int limit;
    private final transient Map<String, Integer> parts;

    PromptTooLongException(String prompt, int tokens, int limit, int reserve, Map<String, Integer> parts) {
        super("Fitting the prompt '" + prompt + "' into " + limit + " tokens, beside " + reserve
                + " for the answer, failed: it takes " + tokens + " without all that may be left out ("
                + parts.entrySet().stream()
                        .map(part -> part.getKey() + " " + part.getValue())
                        .collect(Collectors.joining(", "))
                + "); shorten the longest, or allow more tokens");
        this.tokens = tokens;
        this.limit = limit;
        this.parts = Collections.unmodifiableMap(new LinkedHashMap<>(parts));
    }

    /**
     * Returns the estimated tokens of the prompt at its shortest.
     *
     * @return more than the limit
     */
    public int tokens() {
        return tokens;
    }

    /**
     * Returns the most tokens that the prompt may have.
     *
     * @return 0 when the answer's reserve leaves none
     */
    public int limit() {
        return limit;
    }

    /**
     * Returns how many tokens each part takes at its shortest.
     *
     * @return tokens by {@code texts and values}, {@code output schema}, {@code history}, {@code passages} and
     *     {@code examples}, as far as they are there
     */
    public Map<String, Integer> parts() {
        return parts;
    }
}
