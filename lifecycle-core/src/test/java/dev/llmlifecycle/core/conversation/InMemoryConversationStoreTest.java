package dev.llmlifecycle.core.conversation;

import java.util.Optional;

import dev.llmlifecycle.core.testing.ConversationStoreContract;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

@NullMarked
final class InMemoryConversationStoreTest extends ConversationStoreContract {

    @Override
    protected ConversationStore create() {
        return InMemoryConversationStore.builder().build();
    }

    @Test
    void letsTheConversationGoThatWasUsedLongestAgo() {
        ConversationStore store =
                InMemoryConversationStore.builder().maxConversations(2).build();
        store.replace(Optional.empty(), Conversation.begin("c1", Optional.empty()));
        store.replace(Optional.empty(), Conversation.begin("c2", Optional.empty()));
        store.find("c1");
        store.replace(Optional.empty(), Conversation.begin("c3", Optional.empty()));

        assertThat(store.find("c2")).isEmpty();
        assertThat(store.find("c1")).isPresent();
        assertThat(store.find("c3")).isPresent();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> InMemoryConversationStore.builder().maxConversations(0))
                .withMessage("maxConversations must be at least 1 but was 0; 10,000 is usual");
    }
}
