package dev.llmlifecycle.core.monitoring;

import java.util.List;

import dev.llmlifecycle.api.monitoring.Feedback;
import dev.llmlifecycle.api.monitoring.Interaction;

/**
 * What a log of interactions holds.
 *
 * <p>Immutable.
 *
 * @param interactions the interactions, oldest first
 * @param feedback the feedback, oldest first
 * @param damagedLines the numbers of the lines, from 1, that could not be trusted and were left out
 * @since 0.1
 */
public record InteractionHistory(List<Interaction> interactions, List<Feedback> feedback, List<Long> damagedLines) {

    /** Copies. */
    public InteractionHistory {
        interactions = List.copyOf(interactions);
        feedback = List.copyOf(feedback);
        damagedLines = List.copyOf(damagedLines);
    }
}
