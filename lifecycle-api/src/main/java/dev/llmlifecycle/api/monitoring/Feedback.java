package dev.llmlifecycle.api.monitoring;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * What a user said of an answer.
 *
 * <p>Immutable.
 *
 * @param interactionId the interaction it is about
 * @param rating up or down
 * @param reason why, in the user's words
 * @param correction what the answer should have been
 * @param at when
 * @since 0.1
 */
public record Feedback(
        String interactionId, Rating rating, Optional<String> reason, Optional<String> correction, Instant at) {

    /** Checks that nothing is missing. */
    public Feedback {
        Objects.requireNonNull(interactionId, "interactionId");
        Objects.requireNonNull(rating, "rating");
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(correction, "correction");
        Objects.requireNonNull(at, "at");
    }

    /** Up or down. */
    public enum Rating {
        /** The answer helped. */
        UP,
        /** The answer did not help. */
        DOWN
    }
}
