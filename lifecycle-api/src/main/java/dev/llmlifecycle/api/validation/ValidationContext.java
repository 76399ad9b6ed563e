package dev.llmlifecycle.api.validation;

import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

import dev.llmlifecycle.api.retrieval.Passage;

/**
 * What a validator may look at beside the text it checks.
 *
 * <p>Immutable.
 *
 * @param question the question as it stands now; for an input validator the text itself
 * @param passages the retrieved passages; empty for input validators
 * @param tenant whose question it is, if known
 * @param locale the language of the conversation
 * @param attributes what the host passed along with the question
 * @since 0.1
 */
public record ValidationContext(
        String question,
        List<Passage> passages,
        Optional<String> tenant,
        Locale locale,
        Map<String, String> attributes) {

    /** Copies. */
    public ValidationContext {
        Objects.requireNonNull(question, "question");
        passages = List.copyOf(passages);
        Objects.requireNonNull(tenant, "tenant");
        Objects.requireNonNull(locale, "locale");
        attributes = Collections.unmodifiableMap(new TreeMap<>(Map.copyOf(attributes)));
    }

    /**
     * Creates a context with nothing but a question and passages.
     *
     * @param question the question
     * @param passages the passages
     * @return the context
     */
    public static ValidationContext of(String question, List<Passage> passages) {
        return new ValidationContext(question, passages, Optional.empty(), Locale.ENGLISH, Map.of());
    }
}
