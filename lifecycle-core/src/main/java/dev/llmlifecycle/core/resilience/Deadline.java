package dev.llmlifecycle.core.resilience;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

import dev.langchain4j.model.chat.ChatRequestOptions;

/**
 * The time after which an answer is of no use, as it travels with a chat request.
 *
 * <p>It is a listener attribute of {@link ChatRequestOptions}, so it goes through any decorator that keeps the options
 * and is never sent to the endpoint. A resilient model takes it into account and hands each attempt the time at which
 * that attempt is given up. Immutable.
 *
 * <pre>{@code
 * model.chat(request, Deadline.at(question.deadline()).addTo(ChatRequestOptions.EMPTY));
 * }</pre>
 *
 * @param at the time
 * @since 0.1
 */
public record Deadline(Instant at) {

    /** The name of the listener attribute. */
    public static final String ATTRIBUTE = "dev.llmlifecycle.deadline";

    /** Checks for null. */
    public Deadline {
        Objects.requireNonNull(at, "at");
    }

    /**
     * Creates a deadline.
     *
     * @param at the time
     * @return the deadline
     */
    public static Deadline at(Instant at) {
        return new Deadline(at);
    }

    /**
     * Returns the deadline of a request.
     *
     * @param options the options of the request
     * @return the deadline, if it has one
     */
    public static Optional<Deadline> of(ChatRequestOptions options) {
        return options.listenerAttributes().get(ATTRIBUTE) instanceof Deadline deadline
                ? Optional.of(deadline)
                : Optional.empty();
    }

    /**
     * Adds this deadline to options, in place of a later one.
     *
     * @param options the options
     * @return options with the same attributes and the earlier one of both deadlines
     */
    public ChatRequestOptions addTo(ChatRequestOptions options) {
        Map<Object, Object> attributes = new LinkedHashMap<>(options.listenerAttributes());
        attributes.put(
                ATTRIBUTE, of(options).filter(known -> known.at.isBefore(at)).orElse(this));
        return ChatRequestOptions.builder().listenerAttributes(attributes).build();
    }
}
