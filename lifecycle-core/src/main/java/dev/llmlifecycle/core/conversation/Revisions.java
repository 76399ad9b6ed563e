package dev.llmlifecycle.core.conversation;

import java.util.Optional;

/** What every store compares before it replaces a conversation. */
final class Revisions {

    private Revisions() {}

    static boolean match(Optional<Conversation> found, Optional<Conversation> expected) {
        if (found.isEmpty() || expected.isEmpty()) {
            return found.isEmpty() && expected.isEmpty();
        }
        return found.get().isSameAs(expected.get())
                && found.get().revision() == expected.get().revision();
    }

    static void requireSameId(Optional<Conversation> expected, Conversation next) {
        if (expected.isPresent() && !expected.get().id().equals(next.id())) {
            throw new IllegalArgumentException(
                    "a conversation was to be replaced by one with another id; delete it and begin the other");
        }
    }
}
