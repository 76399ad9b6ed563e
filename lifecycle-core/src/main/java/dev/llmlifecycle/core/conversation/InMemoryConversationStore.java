package dev.llmlifecycle.core.conversation;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A conversation store that lives as long as the process; the conversation used longest ago makes room for a new one.
 *
 * <p>Thread-safe.
 *
 * @since 0.1
 */
public final class InMemoryConversationStore implements ConversationStore {

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Conversation> conversations;

    private InMemoryConversationStore(int maxConversations) {
        this.conversations = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Conversation> eldest) {
                return size() > maxConversations;
            }
        };
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
    public Optional<Conversation> find(String id) {
        Conversation.requireId(id);
        lock.lock();
        try {
            return Optional.ofNullable(conversations.get(id));
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean replace(Optional<Conversation> expected, Conversation next) {
        Revisions.requireSameId(expected, next);
        lock.lock();
        try {
            boolean unchanged = Revisions.match(Optional.ofNullable(conversations.get(next.id())), expected);
            if (unchanged) {
                conversations.put(next.id(), next);
            }
            return unchanged;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean delete(String id) {
        Conversation.requireId(id);
        lock.lock();
        try {
            return conversations.remove(id) != null;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public List<String> conversationsOf(ConversationOwner owner) {
        Objects.requireNonNull(owner, "owner");
        lock.lock();
        try {
            return conversations.values().stream()
                    .filter(conversation -> conversation.owner().equals(Optional.of(owner)))
                    .map(Conversation::id)
                    .sorted()
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int erase(ConversationOwner owner) {
        Optional<ConversationOwner> erased = Optional.of(owner);
        lock.lock();
        try {
            int before = conversations.size();
            conversations.values().removeIf(conversation -> conversation.owner().equals(erased));
            return before - conversations.size();
        } finally {
            lock.unlock();
        }
    }

    /** Builds an {@link InMemoryConversationStore}. Not thread-safe. */
    public static final class Builder {

        private int maxConversations = 10_000;

        private Builder() {}

        /**
         * Sets how many conversations are kept. Default: 10,000.
         *
         * @param maxConversations at least 1
         * @return this builder
         */
        public Builder maxConversations(int maxConversations) {
            this.maxConversations = Limits.atLeastOne(maxConversations, "maxConversations", "10,000");
            return this;
        }

        /**
         * Builds the store.
         *
         * @return the store
         */
        public InMemoryConversationStore build() {
            return new InMemoryConversationStore(maxConversations);
        }
    }
}
