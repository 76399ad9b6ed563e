package dev.llmlifecycle.api.monitoring;

/**
 * Takes the record of every question.
 *
 * <p>Implementations must be thread-safe. A sink that throws does not fail the question: the application logs the loss
 * by interaction id and goes on. The answer waits for it, past its deadline too, so a sink that may stall hands over to
 * a thread of its own.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface InteractionSink {

    /**
     * Takes an interaction.
     *
     * @param interaction the record
     */
    void record(Interaction interaction);
}
