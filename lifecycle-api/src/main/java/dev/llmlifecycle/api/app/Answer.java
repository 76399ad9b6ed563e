package dev.llmlifecycle.api.app;

import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

import dev.llmlifecycle.api.identity.Hash;
import dev.llmlifecycle.api.monitoring.Interaction;
import dev.llmlifecycle.api.retrieval.Citation;
import dev.llmlifecycle.api.validation.Finding;

/**
 * The answer to a question, naming everything it depended on.
 *
 * <p>Immutable.
 *
 * @param outcome how the question ended
 * @param interaction the record of it
 * @since 0.1
 */
public record Answer(Outcome outcome, Interaction interaction) {

    /** Checks that nothing is missing. */
    public Answer {
        Objects.requireNonNull(outcome, "outcome");
        Objects.requireNonNull(interaction, "interaction");
    }

    /**
     * Returns what the user may be shown, whatever the outcome.
     *
     * @return the answer, or the reason there is none
     */
    public String text() {
        return outcome.text();
    }

    /**
     * Tells whether there is an answer.
     *
     * @return true when the outcome is {@link Outcome.Answered}
     */
    public boolean isAnswered() {
        return outcome instanceof Outcome.Answered;
    }

    /**
     * Returns the answer, or throws.
     *
     * @return the text of an answered question
     * @throws NoAnswerException for every other outcome, with it
     */
    public String orElseThrow() {
        if (outcome instanceof Outcome.Answered answered) {
            return answered.text();
        }
        throw new NoAnswerException(outcome);
    }

    /**
     * Returns the key for feedback.
     *
     * @return the interaction's id
     */
    public String interactionId() {
        return interaction.id();
    }

    /**
     * Returns the release that answered.
     *
     * @return its hash, or nothing where none could be resolved
     */
    public Optional<Hash> release() {
        return interaction.release();
    }

    /**
     * Returns the passages that the answer cites.
     *
     * @return in the order of their numbers
     */
    public List<Citation> citations() {
        return interaction.citations();
    }

    /**
     * Returns what validators noticed.
     *
     * @return in the order they were reported
     */
    public List<Finding> findings() {
        return interaction.findings();
    }

    /**
     * Returns what the answer cost.
     *
     * @return the cost in the currency of the application's prices, or nothing where it has none
     */
    public Optional<BigDecimal> cost() {
        return interaction.cost();
    }
}
