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
 * @param attributes what the host passed along with the question; for the answer to a question of a conversation also
 *     {@code turn}, which turn it is, from 1, unless the host passed that itself
 * @param prompt the rendered prompt that the model was given, where there was one
 * @param subject what is checked
 * @since 0.1
 */
public record ValidationContext(
        String question,
        List<Passage> passages,
        Optional<String> tenant,
        Locale locale,
        Map<String, String> attributes,
        Optional<String> prompt,
        Subject subject) {

    /** Copies. */
    public ValidationContext {
        Objects.requireNonNull(question, "question");
        passages = List.copyOf(passages);
        Objects.requireNonNull(tenant, "tenant");
        Objects.requireNonNull(locale, "locale");
        attributes = Collections.unmodifiableMap(new TreeMap<>(Map.copyOf(attributes)));
        Objects.requireNonNull(prompt, "prompt");
        Objects.requireNonNull(subject, "subject");
    }

    /**
     * Creates the context of an answer whose prompt is not known.
     *
     * @param question the question as it stands now
     * @param passages the retrieved passages
     * @param tenant whose question it is, if known
     * @param locale the language of the conversation
     * @param attributes what the host passed along with the question
     */
    public ValidationContext(
            String question,
            List<Passage> passages,
            Optional<String> tenant,
            Locale locale,
            Map<String, String> attributes) {
        this(question, passages, tenant, locale, attributes, Optional.empty(), Subject.ANSWER);
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

    /**
     * Returns this context with the prompt that the model was given.
     *
     * @param rendered the messages of the prompt as text
     * @return the context
     */
    public ValidationContext withPrompt(String rendered) {
        return new ValidationContext(question, passages, tenant, locale, attributes, Optional.of(rendered), subject);
    }

    /**
     * Returns this context for a text of another kind.
     *
     * @param checked what is checked
     * @return the context
     */
    public ValidationContext withSubject(Subject checked) {
        return new ValidationContext(question, passages, tenant, locale, attributes, prompt, checked);
    }

    /** What kind of text is checked. */
    public enum Subject {
        /** What a user asks. */
        QUESTION,
        /** What a model answers, or a sentence of it. */
        ANSWER,
        /** A retrieved text, which nobody of the application wrote. */
        PASSAGE,
        /** The arguments, as JSON, that a model gives to a tool. */
        TOOL_ARGUMENTS,
        /** What a tool returned, which nobody of the application wrote. */
        TOOL_RESULT
    }
}
