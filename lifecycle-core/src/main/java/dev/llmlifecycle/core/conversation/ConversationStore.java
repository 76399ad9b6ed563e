package dev.llmlifecycle.core.conversation;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.store.memory.chat.ChatMemoryStore;

/**
 * Keeps conversations with their owners, so that a user can be erased.
 *
 * <p>It is a LangChain4j {@link ChatMemoryStore}, too: memories that are built on it read and write the same
 * conversations, which belong to nobody unless a {@link Conversations} has put an owner on them.
 *
 * <p>Implementations must be safe for use by many threads, may block, and bound what they keep.
 *
 * @since 0.1
 */
public interface ConversationStore extends ChatMemoryStore {

    /**
     * Finds a conversation.
     *
     * @param id any text but an empty one
     * @return the conversation, or nothing when it was never begun, erased or pushed out
     */
    Optional<Conversation> find(String id);

    /**
     * Puts a conversation in the place of the one that the caller has read, in one step.
     *
     * @param expected what {@link #find} returned, empty to begin a conversation
     * @param next what it becomes, of the same id
     * @return false when the conversation has been begun, changed or erased by someone else; nothing is written then
     */
    boolean replace(Optional<Conversation> expected, Conversation next);

    /**
     * Removes a conversation. When it returns, its texts are gone.
     *
     * @param id its id
     * @return false when there was none
     */
    boolean delete(String id);

    /**
     * Lists the conversations of a user.
     *
     * @param owner the user
     * @return the ids in their order
     */
    List<String> conversationsOf(ConversationOwner owner);

    /**
     * Removes all conversations of a user. When it returns, their texts are gone.
     *
     * @param owner the user
     * @return how many there were
     */
    int erase(ConversationOwner owner);

    @Override
    default List<ChatMessage> getMessages(Object memoryId) {
        return find(textOf(memoryId)).map(Conversation::messages).orElse(List.of());
    }

    @Override
    default void updateMessages(Object memoryId, List<ChatMessage> messages) {
        String id = textOf(memoryId);
        Optional<Conversation> known;
        Conversation next;
        do {
            known = find(id);
            next = known.orElseGet(() -> Conversation.begin(id, Optional.empty()))
                    .withMessages(messages);
        } while (!replace(known, next));
    }

    @Override
    default void deleteMessages(Object memoryId) {
        delete(textOf(memoryId));
    }

    private static String textOf(Object memoryId) {
        return Objects.requireNonNull(memoryId, "memoryId").toString();
    }
}
