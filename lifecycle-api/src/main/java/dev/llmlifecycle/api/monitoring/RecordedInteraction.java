package dev.llmlifecycle.api.monitoring;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * An interaction with what was said of it.
 *
 * <p>Immutable.
 *
 * @param interaction the interaction
 * @param feedback all feedback on it, in the order it was recorded
 * @since 0.1
 */
public record RecordedInteraction(Interaction interaction, List<Feedback> feedback) {

    /** Checks and copies. */
    public RecordedInteraction {
        Objects.requireNonNull(interaction, "interaction");
        feedback = List.copyOf(feedback);
    }

    /**
     * Returns what was said last.
     *
     * @return the feedback with the latest time; of equal times the one recorded later
     */
    public Optional<Feedback> latestFeedback() {
        return feedback.stream().reduce((earlier, later) -> later.at().isBefore(earlier.at()) ? earlier : later);
    }
}
