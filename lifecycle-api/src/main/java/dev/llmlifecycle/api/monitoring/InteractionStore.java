package dev.llmlifecycle.api.monitoring;

import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Keeps interactions and feedback, joins them by id, and forgets a user on demand.
 *
 * <p>Ids of interactions are the caller's to keep unique. A store may be bounded, by age, size or number; it then
 * forgets the oldest first.
 *
 * <p>A person is a user of a tenant: {@code ada} of tenant {@code acme}, {@code ada} of {@code umbrella} and
 * {@code ada} without a tenant are three, and erasing one leaves the others.
 *
 * <p>Implementations must be thread-safe. What a thread reads after its call of {@code record} holds what it recorded.
 *
 * @since 0.1
 */
public interface InteractionStore extends InteractionSink, AutoCloseable {

    /**
     * Records feedback. Feedback on an interaction that is not here is taken, and shows as soon as the interaction is.
     *
     * @param feedback what a user said
     * @throws IllegalStateException when the store is closed
     */
    void record(Feedback feedback);

    /**
     * Reads the interactions that started in a span of time, lazily.
     *
     * <p>The stream holds what had been recorded when this method was called, whatever is recorded, erased or forgotten
     * meanwhile; what is erased or forgotten may be missing from it.
     *
     * @param from the earliest start, inclusive
     * @param until the latest start, exclusive
     * @return the interactions in the order they were recorded, each with all its feedback; to be closed
     * @throws IllegalArgumentException when {@code until} is before {@code from}
     * @throws IllegalStateException when the store is closed
     */
    Stream<RecordedInteraction> read(Instant from, Instant until);

    /**
     * Reads all interactions, lazily.
     *
     * @return the interactions in the order they were recorded, each with all its feedback; to be closed
     * @throws IllegalStateException when the store is closed
     */
    default Stream<RecordedInteraction> read() {
        return read(Instant.MIN, Instant.MAX);
    }

    /**
     * Finds an interaction.
     *
     * @param id its id
     * @return the interaction with all its feedback, if it is here
     * @throws IllegalStateException when the store is closed
     */
    Optional<RecordedInteraction> find(String id);

    /**
     * Erases a user: all interactions of that user and all feedback on them, as far as they had been recorded when this
     * method was called. What others record meanwhile stays.
     *
     * @param tenant the tenant of the user; empty means the user without a tenant, not the user of any tenant
     * @param user the user's id
     * @return what was erased, when it is gone for good
     * @throws IllegalStateException when the store is closed
     */
    Erasure erase(Optional<String> tenant, String user);

    /** Ends the store; a second call does nothing. */
    @Override
    void close();

    /**
     * What an erasure did.
     *
     * <p>Immutable.
     *
     * @param interactions how many interactions are gone
     * @param feedback how much feedback is gone
     * @param unreadable how many damaged places were left alone, since nobody can tell whose they are
     */
    record Erasure(long interactions, long feedback, long unreadable) {}
}
