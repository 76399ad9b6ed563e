package dev.llmlifecycle.core.conversation;

import java.util.Objects;
import java.util.Optional;

import dev.llmlifecycle.api.app.Question;

/**
 * The user to whom a conversation belongs: nobody else continues it, and it goes when that user is erased.
 *
 * <p>Immutable.
 *
 * @param tenant the tenant, where a host serves several; the same user id at two tenants is two owners
 * @param user the user's id, never blank
 * @since 0.1
 */
public record ConversationOwner(Optional<String> tenant, String user) {

    /** Checks that nothing is missing. */
    public ConversationOwner {
        tenant.ifPresent(name -> Conversation.requireWellFormed(name, "tenant"));
        if (Objects.requireNonNull(user, "user").isBlank()) {
            throw new IllegalArgumentException(
                    "the user of a conversation's owner is blank; leave the owner out where no user is known");
        }
        Conversation.requireWellFormed(user, "user");
    }

    /**
     * Names a user of an application without tenants.
     *
     * @param user the user's id, not blank
     * @return the owner
     */
    public static ConversationOwner of(String user) {
        return new ConversationOwner(Optional.empty(), user);
    }

    /**
     * Names the user of a tenant.
     *
     * @param tenant the tenant's id
     * @param user the user's id, not blank
     * @return the owner
     */
    public static ConversationOwner of(String tenant, String user) {
        return new ConversationOwner(Optional.of(tenant), user);
    }

    /** Returns who asks a question, if that is known. */
    static Optional<ConversationOwner> of(Question question) {
        return question.user().map(user -> new ConversationOwner(question.tenant(), user));
    }

    /** Returns nothing that identifies the user. */
    @Override
    public String toString() {
        return "ConversationOwner";
    }
}
