package dev.llmlifecycle.api.prompt;

import java.util.Map;
import java.util.Objects;

/**
 * One part of a chat prompt: a message of its own, or the place where messages are put in.
 *
 * @since 0.1
 */
public sealed interface PromptPart {

    /**
     * A message whose text is a Mustache template.
     *
     * <p>Immutable.
     *
     * @param role who speaks
     * @param template the text with its {@code {{variables}}}, never blank
     */
    record Message(Role role, String template) implements PromptPart {

        /** Checks the text. */
        public Message {
            Objects.requireNonNull(role, "role");
            if (Objects.requireNonNull(template, "template").isBlank()) {
                throw new IllegalArgumentException(
                        "a " + role + " message of a prompt is blank; fill it in or leave it out");
            }
        }
    }

    /**
     * The place where the application puts messages in.
     *
     * <p>Immutable.
     *
     * @param content which messages
     */
    record Placeholder(Content content) implements PromptPart {

        /** Checks the content. */
        public Placeholder {
            Objects.requireNonNull(content, "content");
        }
    }

    /** Who speaks in a message. */
    enum Role {
        /** The application's instructions. */
        SYSTEM,
        /** The user. */
        USER,
        /** The model. */
        ASSISTANT
    }

    /** What a placeholder stands for. */
    enum Content {
        /** The conversation so far. */
        HISTORY,
        /** The selected examples, as pairs of user and assistant messages. */
        EXAMPLES
    }

    /**
     * Returns this part as a canonical value.
     *
     * @return a map for {@link dev.llmlifecycle.api.identity.CanonicalJson}
     */
    default Map<String, Object> toCanonical() {
        if (this instanceof Message message) {
            return Map.of("role", message.role().name(), "template", message.template());
        }
        return Map.of("placeholder", ((Placeholder) this).content().name());
    }
}
