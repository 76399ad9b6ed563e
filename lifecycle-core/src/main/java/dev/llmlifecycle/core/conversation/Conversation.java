package dev.llmlifecycle.core.conversation;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

import dev.langchain4j.data.message.ChatMessage;

/**
 * What a store keeps of one conversation.
 *
 * <p>Immutable.
 *
 * @param id its id, as the host gave it
 * @param start unique for each time that a conversation of this id was begun, so that one that was erased and begun
 *     again is told from the one before
 * @param owner whose it is, if a user was known
 * @param revision counts the changes since the start, from 1
 * @param turns how many questions have been answered in it
 * @param turnsOnTopic how many of the last turns are on one topic
 * @param messages what was said and is still kept, oldest first
 * @since 0.1
 */
public record Conversation(
        String id,
        String start,
        Optional<ConversationOwner> owner,
        long revision,
        int turns,
        int turnsOnTopic,
        List<ChatMessage> messages) {

    /** Checks and copies. */
    public Conversation {
        requireId(id);
        Objects.requireNonNull(start, "start");
        Objects.requireNonNull(owner, "owner");
        if (revision < 1 || turns < 0 || turnsOnTopic < 0 || turnsOnTopic > turns) {
            throw new IllegalArgumentException("a conversation has revision " + revision + ", " + turns
                    + " turns and " + turnsOnTopic + " of them on its topic; revisions start at 1, and a topic is as"
                    + " long as the conversation at most");
        }
        messages = List.copyOf(messages);
    }

    /**
     * Begins a conversation.
     *
     * @param id its id, not empty
     * @param owner whose it is, if a user is known
     * @return a conversation without messages
     */
    public static Conversation begin(String id, Optional<ConversationOwner> owner) {
        return new Conversation(id, UUID.randomUUID().toString(), owner, 1, 0, 0, List.of());
    }

    /**
     * Tells whether another conversation is this one at some other time.
     *
     * @param other the other
     * @return false when one of them was begun after the other had been erased
     */
    public boolean isSameAs(Conversation other) {
        return id.equals(other.id) && start.equals(other.start);
    }

    /** Returns this conversation changed, one revision on. */
    Conversation next(
            Optional<ConversationOwner> nextOwner, int nextTurns, int nextTurnsOnTopic, List<ChatMessage> kept) {
        return new Conversation(id, start, nextOwner, revision + 1, nextTurns, nextTurnsOnTopic, kept);
    }

    Conversation withMessages(List<ChatMessage> kept) {
        return next(owner, turns, turnsOnTopic, kept);
    }

    Conversation withoutMessages() {
        return new Conversation(id, start, owner, revision, turns, turnsOnTopic, List.of());
    }

    static String requireId(String id) {
        if (Objects.requireNonNull(id, "id").isEmpty()) {
            throw new IllegalArgumentException("the id of a conversation is empty; give each one a unique id");
        }
        return requireWellFormed(id, "id");
    }

    /** Refuses half a surrogate pair: it has no UTF-8, so two different names could come out as the same file. */
    static String requireWellFormed(String name, String what) {
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(name)) {
            throw new IllegalArgumentException("the " + what
                    + " of a conversation holds half a surrogate pair, which is no character; give it a text");
        }
        return name;
    }

    /** Returns how far it is; never a text, an id or an owner. */
    @Override
    public String toString() {
        return "Conversation[revision " + revision + ", " + turns + " turns, " + messages.size() + " messages]";
    }
}
