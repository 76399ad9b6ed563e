package dev.llmlifecycle.core.monitoring;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

import dev.llmlifecycle.api.monitoring.Feedback;
import dev.llmlifecycle.api.monitoring.Interaction;
import dev.llmlifecycle.api.monitoring.InteractionStore;
import dev.llmlifecycle.api.monitoring.RecordedInteraction;

/**
 * A store of the last interactions and feedback in memory, for tests and small tools.
 *
 * <pre>{@code
 * InteractionStore store = InMemoryInteractionStore.builder().maxRecords(1_000).build();
 * }</pre>
 *
 * <p>Thread-safe. Reading and erasing take time in proportion to what is kept.
 *
 * @since 0.1
 */
public final class InMemoryInteractionStore implements InteractionStore {

    private final int maxRecords;
    private final ReentrantLock lock = new ReentrantLock();

    /** Interactions and feedback in the order they came. */
    private final Deque<Object> records = new ArrayDeque<>();

    private boolean closed;

    private InMemoryInteractionStore(Builder builder) {
        this.maxRecords = builder.maxRecords;
    }

    /**
     * Starts a store.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public void record(Interaction interaction) {
        add(Objects.requireNonNull(interaction, "interaction"));
    }

    @Override
    public void record(Feedback feedback) {
        add(Objects.requireNonNull(feedback, "feedback"));
    }

    @Override
    public Stream<RecordedInteraction> read(Instant from, Instant until) {
        TimeSpan span = new TimeSpan(from, until);
        List<Object> snapshot = snapshot();
        Map<String, List<Feedback>> feedback = new HashMap<>();
        for (Object each : snapshot) {
            if (each instanceof Feedback said) {
                feedback.computeIfAbsent(said.interactionId(), id -> new ArrayList<>())
                        .add(said);
            }
        }
        return snapshot.stream()
                .filter(Interaction.class::isInstance)
                .map(Interaction.class::cast)
                .filter(interaction -> span.contains(interaction.startedAt()))
                .map(interaction ->
                        new RecordedInteraction(interaction, feedback.getOrDefault(interaction.id(), List.of())));
    }

    @Override
    public Optional<RecordedInteraction> find(String id) {
        Objects.requireNonNull(id, "id");
        try (Stream<RecordedInteraction> all = read()) {
            return all.filter(each -> each.interaction().id().equals(id)).findFirst();
        }
    }

    @Override
    public Erasure erase(Optional<String> tenant, String user) {
        Person person = new Person(tenant, user);
        lock.lock();
        try {
            requireOpen();
            Set<String> ids = new HashSet<>();
            for (Object each : records) {
                if (each instanceof Interaction interaction && person.asked(interaction)) {
                    ids.add(interaction.id());
                }
            }
            int before = records.size();
            records.removeIf(each -> each instanceof Interaction interaction && person.asked(interaction));
            int interactions = before - records.size();
            records.removeIf(each -> each instanceof Feedback feedback && ids.contains(feedback.interactionId()));
            return new Erasure(interactions, before - interactions - records.size(), 0);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            records.clear();
        } finally {
            lock.unlock();
        }
    }

    private void add(Object entry) {
        lock.lock();
        try {
            requireOpen();
            records.addLast(entry);
            if (records.size() > maxRecords) {
                records.removeFirst();
            }
        } finally {
            lock.unlock();
        }
    }

    private List<Object> snapshot() {
        lock.lock();
        try {
            requireOpen();
            return List.copyOf(records);
        } finally {
            lock.unlock();
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the interaction store in memory is closed; build a new one");
        }
    }

    /** Builds an {@link InMemoryInteractionStore}. Not thread-safe. */
    public static final class Builder {

        private int maxRecords = 10_000;

        private Builder() {}

        /**
         * Sets how many interactions and pieces of feedback are kept; the oldest go first. Default: 10,000.
         *
         * @param maxRecords at least 1
         * @return this builder
         */
        public Builder maxRecords(int maxRecords) {
            if (maxRecords < 1) {
                throw new IllegalArgumentException("maxRecords of an interaction store must be at least 1 but was "
                        + maxRecords + "; leave it out for 10,000");
            }
            this.maxRecords = maxRecords;
            return this;
        }

        /**
         * Builds the store.
         *
         * @return an empty store
         */
        public InMemoryInteractionStore build() {
            return new InMemoryInteractionStore(this);
        }
    }
}
